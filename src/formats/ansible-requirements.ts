import { type Document, defineFormat, type Visit } from '../engine/format';
import {
  parseYaml,
  scalar,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  yamlRoute,
} from '../syntax/yaml';
import type { Located } from '../text/range';
import type { Source } from '../text/source';

/** A role or collection a project asks for. */
export interface Requirement extends Located {
  readonly kind: 'role' | 'collection';
  /** Undefined for an entry that is a bare name. */
  readonly map: YamlMap | undefined;
  /** `namespace.name`, or the place it is fetched from where no name is given. */
  readonly name: YamlScalar;
  /** `src` of a role, `source` of a collection. */
  readonly source: YamlScalar | undefined;
  readonly version: YamlScalar | undefined;
  /** `scm` of a role, `type` of a collection. */
  readonly type: string | undefined;
}

export type RequirementsNodes = { requirement: Requirement };

/**
 * What ansible-galaxy installs, in the new form (`roles:` and `collections:`) and in the old one, a list of roles
 * (https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-roles-and-collections-from-the-same-requirements-yml-file).
 */
export const ansibleRequirements = defineFormat<RequirementsNodes>({
  id: 'ansible-requirements',
  title: 'Ansible requirements',
  files: ['**/*requirements*.{yml,yaml}'],
  nodes: ['requirement'],

  recognises(file) {
    if (!/requirements[^/]*\.ya?ml$/.test(file.name)) return undefined;
    const keys = file.topLevelKeys();
    if (keys.has('dependencies')) return undefined;
    if (keys.has('collections') || keys.has('roles')) return 'by-name';
    const isList =
      /^(?:[ \t]*(?:#[^\n]*|---[^\n]*)?\r?\n)*[ \t]*-[ \t]+(?:(?:src|name|include)[ \t]*:|[\w.-]+\.[\w-]+\s*$)/m;
    return isList.test(file.text) ? 'by-name' : undefined;
  },

  alone: () => undefined,

  parse(source): Document<RequirementsNodes> {
    return requirementsDocument(source);
  },
});

function requirementsDocument(source: Source): Document<RequirementsNodes> {
  const { roots, problems } = parseYaml(source, { version: '1.1' });
  const [root] = roots;
  const requirements: Requirement[] = [];
  const read = (kind: Requirement['kind'], node: YamlNode | undefined) => {
    for (const item of node?.kind === 'list' ? node.items : []) {
      const map = item.kind === 'map' ? item : undefined;
      const from = scalar(map?.get(kind === 'role' ? 'src' : 'source'));
      const name = item.kind === 'scalar' ? item : (scalar(map?.get('name')) ?? from);
      if (!name || map?.has('include')) continue;
      requirements.push({
        kind,
        map,
        name,
        source: from,
        version: scalar(map?.get('version')),
        type: scalar(map?.get(kind === 'role' ? 'scm' : 'type'))?.string,
        range: item.range,
      });
    }
  };
  if (root?.kind === 'list') read('role', root);
  if (root?.kind === 'map') {
    read('role', root.get('roles'));
    read('collection', root.get('collections'));
  }
  return {
    source,
    problems,
    embedded: [],
    route: (offset) => yamlRoute(roots, offset),
    *walk(): Iterable<Visit<RequirementsNodes>> {
      for (const requirement of requirements) yield ['requirement', requirement];
    },
  };
}

const branches = /^(?:latest|\*|HEAD|main|master|develop|devel|dev|stable|trunk)$/;

/**
 * What a requirement follows in place of a version: a branch, `*`, `>=2.0`; undefined where it names none, false where
 * it is pinned or comes from a place of its own
 * (https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-an-older-version-of-a-collection).
 */
export function movingVersion({
  map,
  name,
  source,
  version,
  type,
}: Requirement): string | undefined | false {
  if (type === 'dir' || type === 'subdirs' || type === 'file' || type === 'url') return false;
  const from = source?.string ?? name.string;
  if (/^[./~]|^file:|\.(?:tar\.gz|tgz)$|\{\{/.test(from)) return false;
  const said = version?.string;
  // Of a bare name, and of git, a version may stand behind a comma.
  if (said === undefined || said === '')
    return !map && name.string.includes(',') ? false : undefined;
  if (said.includes('{{')) return false;
  return branches.test(said) || /^>=?[^,<]*$/.test(said) ? said : false;
}
