import { join } from 'node:path';

const modules = join(__dirname, '../../node_modules');

/** The wasm files that lie beside the bundle, and where the packages keep them. */
export const wasmFiles: Readonly<Record<string, string>> = {
  'web-tree-sitter.wasm': join(modules, 'web-tree-sitter/web-tree-sitter.wasm'),
  'tree-sitter-bash.wasm': join(modules, 'tree-sitter-bash/tree-sitter-bash.wasm'),
  'tree-sitter-ruby.wasm': join(modules, 'tree-sitter-ruby/tree-sitter-ruby.wasm'),
  'tree-sitter-terraform.wasm': join(
    modules,
    '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  ),
};
