import assert from 'node:assert/strict';
import type { Document } from '../src/engine/format';
import { type PackerTemplate, packer } from '../src/formats/packer';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const hcl = (text: string) => packer.parse(Source.file('x.pkr.hcl', text));
const json = (value: unknown) =>
  packer.parse(
    Source.file('x.json', typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  );
const scriptsOf = (document: Document<any>) =>
  document.embedded
    .filter((piece) => piece.format.id === 'shell')
    .map((piece) => piece.parse() as ShellDocument);
const templateOf = (document: Document<any>) =>
  [...document.walk()].find(([kind]) => kind === 'template')![1] as unknown as PackerTemplate;
const build = (provisioner: string) => `build {\n  provisioner ${provisioner}\n}\n`;

describe('Packer', () => {
  before(() => Promise.all([loadGrammar('bash'), loadGrammar('terraform')]));

  it('joins the lines of inline into one script, each back to its place', () => {
    const text = build(
      '"shell" {\n    inline = ["cd /tmp", "echo \\"${var.a}\\"", <<EOT\nls\nEOT\n]\n  }',
    );
    const [script] = scriptsOf(hcl(text));
    assert.equal(script!.source.text, 'cd /tmp\necho "________"\nls\n\n');
    for (const word of ['cd /tmp', 'ls']) {
      const at = script!.source.text.indexOf(word);
      assert.equal(text.slice(...script!.source.toFile([at, at + word.length])!.range), word);
    }
    const at = script!.source.text.indexOf(' /tmp');
    assert.deepEqual(script!.source.editInFile({ range: [at, at], text: ' "$x"' }), {
      range: [text.indexOf(' /tmp'), text.indexOf(' /tmp')],
      text: ' \\"$x\\"',
    });
  });

  // https://developer.hashicorp.com/packer/docs/provisioners/shell#inline_shebang, …#execute_command
  const facts: readonly [what: string, provisioner: string, expected: object][] = [
    [
      'inline',
      '"shell" { inline = ["x"] }',
      { dialect: 'sh', stopsOnError: true, machine: 'fresh' },
    ],
    [
      'a first line of its own',
      '"shell" {\n inline = ["x"]\n inline_shebang = "/bin/bash -eo pipefail"\n}',
      { dialect: 'bash', stopsOnError: true, pipefail: true },
    ],
    [
      'a shell that reads the script',
      '"shell" {\n inline = ["x"]\n execute_command = "echo v | {{ .Vars }} sudo -S bash \'{{ .Path }}\'"\n}',
      { dialect: 'bash', stopsOnError: false },
    ],
    [
      'a shell with flags',
      '"shell" {\n inline = ["x"]\n execute_command = "sudo sh -ex {{.Path}}"\n}',
      { dialect: 'sh', stopsOnError: true },
    ],
    [
      'a shell that starts the script',
      '"shell" {\n inline = ["x"]\n execute_command = "sudo sh -c \'{{ .Vars }} {{ .Path }}\'"\n}',
      { dialect: 'sh', stopsOnError: true },
    ],
    ['shell-local', '"shell-local" { inline = ["x"] }', { stopsOnError: true, machine: undefined }],
  ];
  for (const [what, provisioner, expected] of facts) {
    it(`facts of ${what}`, () => {
      const [script] = scriptsOf(hcl(build(provisioner)));
      const { script: model } = script!;
      for (const [key, value] of Object.entries(expected)) {
        assert.equal(model[key as keyof typeof model], value, key);
      }
    });
  }

  it('other interpreters and provisioners are left alone', () => {
    const others =
      '"shell" {\n inline = ["x"]\n inline_shebang = "/usr/bin/python3"\n}\nprovisioner "powershell" { inline = ["x"] }';
    assert.deepEqual(scriptsOf(hcl(build(others))), []);
  });

  it('scripts that are sent run on a machine that is new', () => {
    const sent = hcl(
      build(
        '"shell" { scripts = ["a/one.sh", "${path.root}/b/two.sh"] }\nprovisioner "shell-local" { script = "no.sh" }',
      ),
    );
    assert.deepEqual(sent.facts, [
      { kind: 'shell/runs-on-fresh', key: 'one.sh' },
      { kind: 'shell/runs-on-fresh', key: 'two.sh' },
    ]);
    const older = json({ provisioners: [{ type: 'shell', script: 'c/three.sh' }] });
    assert.deepEqual(older.facts, [{ kind: 'shell/runs-on-fresh', key: 'three.sh' }]);
  });

  it('older templates have lines too, with their variables hidden', () => {
    const document = json({
      builders: [{ type: 'qemu', iso_checksum: 'none', name: '{{user `n`}}' }],
      provisioners: [
        { type: 'shell', inline: ['a "{{user `x`}}"', 'b'] },
        { type: 'shell', inline: 'c' },
      ],
    });
    assert.deepEqual(
      scriptsOf(document).map(({ source }) => source.text),
      ['a "____________"\nb\n', 'c\n'],
    );
    const [source] = templateOf(document).sources;
    assert.equal(source!.setting('iso_checksum')?.value, 'none');
    assert.equal(source!.setting('name')?.value, undefined);
    assert.equal(source!.setting('none'), undefined);
  });

  it('plugins and sources, also those completed inside a build', () => {
    const { plugins, sources } = templateOf(
      hcl(
        'packer {\n required_plugins {\n a = { version = "~> 1" }\n b = { source = "x" }\n }\n}\nsource "qemu" "x" {}\nbuild {\n source "source.docker.y" {}\n}\n',
      ),
    );
    assert.deepEqual(
      plugins.map(({ name, version }) => [name, version]),
      [
        ['a', '~> 1'],
        ['b', undefined],
      ],
    );
    assert.deepEqual(
      sources.map(({ type }) => type),
      ['qemu', 'docker'],
    );
  });

  it('user data of a source is read by its kind', () => {
    const text =
      'source "amazon-ebs" "x" {\n  user_data = <<EOF\n#cloud-config\nruncmd: [x]\nEOF\n}\n';
    assert.deepEqual(
      hcl(text).embedded.map((piece) => piece.format.id),
      ['cloud-init'],
    );
  });

  it('what is broken or has another shape is read as far as it goes', () => {
    for (const text of [
      '',
      'build {',
      'source {}',
      'packer { required_plugins { a = 1 } }',
      build('"shell" { inline = '),
    ]) {
      scriptsOf(hcl(text));
    }
    for (const text of [
      '',
      '[]',
      '{"builders": 1, "provisioners": {}}',
      '{"provisioners": [1, {"type": "shell", "inline": [1, {}, ',
    ]) {
      scriptsOf(json(text));
    }
  });
});
