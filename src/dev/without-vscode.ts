import Module from 'node:module';

/**
 * Lets code that imports `vscode` be loaded where there is none, so that what it declares can be read: every name of
 * the module is there, and nothing of it does anything. Import this before the code in question.
 */
const nothing: unknown = new Proxy(function nothing() {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '' : nothing),
  apply: () => nothing,
  construct: () => nothing as object,
  // Bundlers and loaders copy a module's own names; what they do not find they look for in its prototype.
  getPrototypeOf: () => nothing as object,
});

const loader = Module as unknown as {
  _load(request: string, ...rest: readonly unknown[]): unknown;
};
const load = loader._load;
loader._load = function (request, ...rest) {
  return request === 'vscode' ? nothing : load.call(this, request, ...rest);
};
