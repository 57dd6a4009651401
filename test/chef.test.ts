import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import { type ChefResource, chef } from '../src/formats/chef';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const parse = (text: string) =>
  chef.parse(Source.file('recipes/default.rb', text), { machine: undefined });

const resources = (text: string): readonly ChefResource[] =>
  [...parse(text).walk()].map(([, node]) => node);

describe('chef', () => {
  before(async () => {
    await loadGrammar('ruby');
    await loadGrammar('bash');
  });

  const files: readonly (readonly [path: string, text: string, claim: string | undefined])[] = [
    ['cookbooks/web/recipes/default.rb', "package 'nginx'\n", 'by-content'],
    ['recipes/web.rb', "include_recipe 'base'\n", 'by-content'],
    ['recipes/web.rb', 'app_site name do\n  port 80\nend\n', undefined],
    ['site-cookbooks/x/resources/site.rb', 'property :a, String\naction :create do\nend\n', 'by-content'],
    ['providers/site.rb', 'action :create do\nend\n', 'by-content'],
    ['lib/capistrano/recipes/deploy.rb', "namespace :deploy do\n  task :x do\n    execute 'y'\n  end\nend\n", undefined],
    ['app/resources/user.rb', 'class UserResource < Resource\n  attribute :name\nend\n', undefined],
    ['plugins/providers/docker/config.rb', 'module Docker\n  class Config\n  end\nend\n', undefined],
    ['lib/execute.rb', "execute 'x' do\nend\n", undefined],
    ['recipes/soup.rb', 'puts "carrots"\n', undefined],
  ]; // biome-ignore format: rows
  for (const [path, text, claim] of files) {
    it(`${path} ${JSON.stringify(text.slice(0, 30))} is ${claim ?? 'not one'}`, () => {
      assert.equal(chef.recognises(probe(path, text)), claim);
    });
  }

  it('reads resources with their properties, guards and actions', () => {
    const [found] = resources(`
execute 'make' do
  cwd '/src'
  command 'make install'
  action [:run, :nothing]
  not_if 'test -f /x'
  only_if { node['a'] }
  notifies :restart, 'service[app]', :immediately
end
`);
    assert.equal(found?.type.value, 'execute');
    assert.equal(found.name, 'make');
    assert.deepEqual(found.actions, ['run', 'nothing']);
    assert.deepEqual(
      found.guards.map(({ kind, block }) => [kind, block !== undefined]),
      [
        ['not_if', false],
        ['only_if', true],
      ],
    );
    assert.deepEqual(
      found.notifies.map(({ action, target }) => [action, target]),
      [['restart', 'service[app]']],
    );
    assert.equal(found.script?.text, 'make install');
  });

  it('knows what is no resource', () => {
    const text = `
node.default['a'] = 'b'
search(:node, 'role:web') do |found|
  package 'a'
end
%w[b c].each { |name| package name do action :install end }
converge_by('d') { directory '/d' do end }
declare_resource(:file, '/e') do
  mode '644'
end
Dir.chdir('/') do
  user 'f' do
  end
end
`;
    assert.deepEqual(
      resources(text).map(({ type, name }) => `${type.value} ${name}`),
      ['package name', 'directory /d', 'file /e', 'user f'],
    );
  });

  const hosts: readonly (readonly [what: string, text: string, facts: unknown])[] = [
    ['execute by its name', "execute 'a'", ['a', 'sh', false]],
    ['execute with a command', "execute 'x' do\n command 'a'\nend", ['a', 'sh', false]],
    ['bash', "bash 'x' do\n code <<-EOH\na\nEOH\nend", ['a\n', 'bash', false]],
    ['bash with flags', "bash 'x' do\n flags '-ex'\n code 'a'\nend", ['a', 'bash', true]],
    ['script', "script 'x' do\n interpreter 'bash'\n code 'a'\nend", ['a', 'bash', false]],
    ['script in Ruby', "script 'x' do\n interpreter 'ruby'\n code 'a'\nend", undefined],
    ['an array', "execute 'x' do\n command ['a', 'b']\nend", undefined],
    ['PowerShell', "powershell_script 'x' do\n code 'a'\nend", undefined],
    ['what a variable says', "c = 'a'\nexecute 'x' do\n command c\nend", ['a', 'sh', false]],
    ['what only a call knows', "execute 'x' do\n command c(1)\nend", undefined],
  ];
  for (const [what, text, facts] of hosts) {
    it(`hands a shell ${what}`, () => {
      const script = resources(text)[0]?.script;
      assert.deepEqual(script && [script.text, script.dialect, script.stopsOnError], facts);
      if (script) assert.equal(script.machine, 'lasting');
    });
  }

  const guarded: readonly (readonly [what: string, text: string, is: boolean])[] = [
    ['nothing', "execute 'a' do\nend", false],
    ['a guard', "execute 'a' do\n not_if 'b'\nend", true],
    ['creates', "execute 'a' do\n creates '/b'\nend", true],
    ['action :nothing', "execute 'a' do\n action :nothing\nend", true],
    ['an action nobody knows', "execute 'a' do\n action b\nend", true],
    ['action :run', "execute 'a' do\n action :run\nend", false],
    ['a test of the machine', "unless ::File.exist?('/b')\n execute 'a' do\n end\nend", true],
    ['a question behind it', "execute 'a' do\nend if installed", true],
    ['an attribute', "if node['b']['c'] == 'd'\n execute 'a' do\n end\nend", false],
    ['the platform', "case node['platform']\nwhen 'b'\n execute 'a' do\n end\nend", false],
    ['a method', "def b\n execute 'a' do\n end\nend", true],
    ['converge_if_changed', "converge_if_changed(:b) do\n execute 'a' do\n end\nend", true],
  ];
  for (const [what, text, is] of guarded) {
    it(`${what} ${is ? 'guards' : 'guards nothing'}`, () => {
      assert.equal(resources(text)[0]?.guarded, is);
    });
  }

  it('reads half a file', () => {
    const { problems } = parse("execute 'a' do\n  command 'b'\n  not_if {");
    assert.ok(problems.length > 0);
  });
});
