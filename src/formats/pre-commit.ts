import { type Document, defineFormat } from '../engine/format';
import type { Link, Part } from '../engine/part';
import { items, map, parseYaml } from '../syntax/yaml';
import type { Source } from '../text/source';
import { toFile, unique } from './delivery';

/** What well-known hooks look at, by a word of their id, with the program a folder is looked at by. */
const looksAt: readonly (readonly [hook: RegExp, tool: string])[] = [
  [/ansible/, 'ansible'],
  [/dclint|docker-compose/, 'compose'],
  [/hadolint|dockerfile/, 'docker'],
  [/helm/, 'helm'],
  [/kube(?:conform|val|-linter|-score|ctl)/, 'kubectl'],
  [/packer/, 'packer'],
  [/shellcheck|shfmt/, 'shell'],
  [/terraform|tflint|terrascan|tfsec|tofu/, 'terraform'],
];

/** The hooks of pre-commit (https://pre-commit.com/#pre-commit-configyaml---repos), as what looks at files. */
export const preCommit = defineFormat<Record<never, never>>({
  id: 'pre-commit',
  title: 'pre-commit configuration',
  files: ['**/.pre-commit-config.{yaml,yml}'],
  nodes: [],
  recognises: (file) => (/^\.pre-commit-config\.ya?ml$/.test(file.name) ? 'by-name' : undefined),
  alone: () => undefined,
  parse: (source) => read(source),
});

function read(source: Source): Document<Record<never, never>> {
  const { roots, problems } = parseYaml(source);
  const repos = items(map(roots[0])?.get('repos')).map(map);
  const ids = repos.flatMap((repo) =>
    items(repo?.get('hooks')).flatMap((hook) => {
      const id = map(hook)?.get('id');
      return id?.kind === 'scalar' ? [id.string] : [];
    }),
  );
  const folder = source.path.replace(/\/?[^/]*$/, '');
  const links = ids.flatMap((id): Link[] => {
    const tool = looksAt.find(([hook]) => hook.test(id))?.[1];
    return tool === undefined ? [] : [toFile('lints', folder, tool)];
  });
  return {
    source,
    problems,
    embedded: [],
    parts: [{ kind: 'hooks', name: '', links: unique(links), range: [0, 0] } satisfies Part],
    walk: () => [],
  };
}
