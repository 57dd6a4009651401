import { type Document, defineFormat, type Visit } from '../engine/format';
import {
  parseRuby,
  type RubyCall,
  type RubyNode,
  rubyOption,
  rubyWord,
  walkRuby,
} from '../syntax/ruby';
import type { Located, Value } from '../text/range';
import type { Source } from '../text/source';

/** `mod 'author/name', …` (https://github.com/puppetlabs/r10k/blob/main/doc/puppetfile.mkd). */
export interface PuppetModule extends Located {
  readonly name: Value;
  readonly from: 'forge' | 'git' | 'other';
  /** The version of a module of the Forge: `1.2.3`, or `latest`; `?` where a variable holds it. */
  readonly version: string | undefined;
  /** What is checked out of a repository, and under which of its names. */
  readonly ref: { readonly kind: string; readonly value: string | undefined } | undefined;
}

export type PuppetfileNodes = { module: PuppetModule };

/** A Puppetfile, read by r10k, Code Manager, g10k and librarian-puppet. */
export const puppetfile = defineFormat<PuppetfileNodes>({
  id: 'puppetfile',
  title: 'Puppetfile',
  files: ['**/Puppetfile'],
  nodes: ['module'],
  recognises: (file) => (file.name === 'Puppetfile' ? 'by-name' : undefined),
  alone: () => undefined,
  parse: (source) => read(source),
});

function read(source: Source): Document<PuppetfileNodes> {
  const { body, problems } = parseRuby(source);
  const modules = [...walkRuby(body)].flatMap((node) =>
    node.kind === 'call' && node.name.value === 'mod' && !node.receiver ? moduleOf(node) : [],
  );
  return {
    source,
    problems,
    embedded: [],
    route(offset) {
      const at = modules.find(({ range }) => range[0] <= offset && offset <= range[1]);
      return at ? `mod[${at.name.value}]` : '';
    },
    *walk(): Iterable<Visit<PuppetfileNodes>> {
      for (const module of modules) yield ['module', module];
    },
  };
}

const sources = ['local', 'path', 'svn', 'tarball', 'github_tarball', 'install_path'];

/** Names under which a reference is given; r10k's order of preference. */
const refs = ['ref', 'tag', 'commit', 'branch'];

function moduleOf(call: RubyCall): readonly PuppetModule[] {
  const [first, second] = call.args;
  if (first?.kind !== 'string' || first.value === undefined) return [];
  const name: Value = { value: first.value, range: first.range };
  const text = (node: RubyNode) => rubyWord(node);
  const git = rubyOption(call, 'git') ?? rubyOption(call, 'github');
  const kind = refs.find((each) => rubyOption(call, each) !== undefined);
  const from = git
    ? 'git'
    : sources.some((each) => rubyOption(call, each) !== undefined)
      ? 'other'
      : 'forge';
  const version = second ?? rubyOption(call, 'version');
  return [
    {
      name,
      from,
      version: version && (text(version) ?? '?'),
      ref: kind ? { kind, value: text(rubyOption(call, kind)!) } : undefined,
      range: call.range,
    },
  ];
}
