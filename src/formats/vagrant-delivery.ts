import type { Link, Part } from '../engine/part';
import { type RubyNode, rubyWord, walkRuby } from '../syntax/ruby';
import type { Source } from '../text/source';
import {
  folderOf,
  imagesUsed,
  linksOf,
  type Mount,
  pathIn,
  recipesOf,
  toFile,
  unique,
} from './delivery';
import { embedShell } from './shell';
import type { VagrantProvisioner } from './vagrant';

/** A Vagrantfile as what stands on a developer's machine: what provisions it, and the images it builds and runs. */
export function vagrantPart(
  source: Source,
  nodes: readonly RubyNode[],
  provisioners: readonly VagrantProvisioner[],
  embedded: Parameters<typeof imagesUsed>[0]['embedded'],
): Part {
  const folder = folderOf(source.path);
  return {
    kind: 'development',
    name: '',
    links: unique([
      ...provisioners.flatMap((each) => [...provisionerLinks(source, folder, each)]),
      ...nodes.flatMap((node) => [...providerLinks(folder, node)]),
      ...imagesUsed({ embedded }),
    ]),
    range: [0, 0],
  };
}

function* provisionerLinks(
  source: Source,
  folder: string,
  provisioner: VagrantProvisioner,
): Iterable<Link> {
  const { type, path, script } = provisioner;
  // The folder of the Vagrantfile is in the guest (https://developer.hashicorp.com/vagrant/docs/synced-folders).
  const mount: Mount = { at: '/vagrant', folder };
  const at = (written: string | undefined) =>
    written === undefined ? undefined : pathIn(folder, written.replace(/^\/vagrant\//, './'));
  const file = at(path);
  switch (type) {
    case 'shell':
      if (file) yield toFile('runs', file);
      if (script) yield* inGuest(source, script.text, mount);
      return;
    case 'ansible':
    case 'ansible_local':
      if (file) yield toFile('runs', file, 'ansible');
      return;
    case 'docker':
      // https://developer.hashicorp.com/vagrant/docs/provisioning/docker
      for (const call of provisioner.calls) {
        const context = call.name.value === 'build_image' ? at(rubyWord(call.args[0])) : undefined;
        if (context !== undefined) yield recipe(context);
      }
      return;
    case 'puppet': {
      // https://developer.hashicorp.com/vagrant/docs/provisioning/puppet_apply
      const manifests = rubyWord(provisioner.setting('manifests_path')) ?? 'manifests';
      const manifest = rubyWord(provisioner.setting('manifest_file')) ?? 'default.pp';
      const target = at(`${manifests}/${manifest}`);
      if (target !== undefined) yield toFile('runs', target, 'puppet');
      return;
    }
    case 'chef_client':
    case 'chef_solo':
    case 'chef_zero': {
      // https://developer.hashicorp.com/vagrant/docs/provisioning/chef_solo
      const folders = words(provisioner.setting('cookbooks_path'));
      const named = folders.length > 0 ? folders : ['cookbooks'];
      const recipes = [
        ...words(provisioner.setting('run_list')),
        ...provisioner.calls.flatMap((call) =>
          call.name.value === 'add_recipe' ? (rubyWord(call.args[0]) ?? []) : [],
        ),
      ];
      for (const { to } of recipesOf(
        recipes,
        named.flatMap((each) => at(each) ?? []),
      ))
        yield toFile('runs', to.key, 'chef');
    }
  }
}

/** Strings alone or in a list. */
const words = (node: RubyNode | undefined): readonly string[] =>
  (node?.kind === 'list' ? node.items : [node]).flatMap((each) => rubyWord(each) ?? []);

const recipe = (context: string): Link =>
  toFile('builds', pathIn(context, 'Dockerfile')!, 'docker');

/** What a script in the guest reaches of the workspace. */
function inGuest(source: Source, text: string, mount: Mount): readonly Link[] {
  const facts = {
    dialect: 'bash',
    stopsOnError: false,
    pipefail: false,
    machine: 'lasting',
    use: 'provisioning',
  } as const;
  if (!text.includes(mount.at)) return [];
  const piece = source.derive().insert(text).build();
  return linksOf(embedShell(piece, facts, { range: [0, 0] }).parse(), { mount });
}

/** Machines that are containers, built here (https://developer.hashicorp.com/vagrant/docs/providers/docker). */
function* providerLinks(folder: string, node: RubyNode): Iterable<Link> {
  if (node.kind !== 'call' || node.name.value !== 'provider' || !node.block) return;
  if (rubyWord(node.args[0]) !== 'docker') return;
  for (const each of walkRuby(node.block.body)) {
    if (each.kind !== 'assignment' || each.target.kind !== 'call') continue;
    const context = each.target.name.value === 'build_dir' ? rubyWord(each.value) : undefined;
    const target = context === undefined ? undefined : pathIn(folder, context);
    if (target !== undefined) yield recipe(target);
  }
}
