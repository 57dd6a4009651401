import assert from 'node:assert/strict';
import { gitignore, type IgnoreFile } from '../src/formats/gitignore';
import type { ShellDocument } from '../src/formats/shell';
import { terraform } from '../src/formats/terraform';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const read = (text: string, path = 'main.tf') => terraform.parse(Source.file(path, text));

describe('Terraform', () => {
  before(() => Promise.all([loadGrammar('bash'), loadGrammar('terraform')]));

  // https://cloud.google.com/compute/docs/instances/startup-scripts/linux: at every boot; user data once.
  const machines: readonly [resource: string, expected: readonly string[]][] = [
    ['resource "aws_instance" "x" {\n  user_data = "#!/bin/bash -e\\nx"\n}', ['shell fresh']],
    [
      'resource "aws_instance" "x" {\n  user_data = <<EOF\n#cloud-config\nruncmd: []\nEOF\n}',
      ['cloud-init '],
    ],
    ['resource "aws_instance" "x" {\n  user_data = base64encode("x\\ny")\n}', ['shell fresh']],
    ['resource "aws_instance" "x" {\n  user_data = "<powershell>"\n}', []],
    [
      'resource "google_compute_instance" "x" {\n  metadata_startup_script = "x"\n}',
      ['shell lasting'],
    ],
    [
      'resource "google_compute_instance" "x" {\n  metadata = {\n    startup-script = "x"\n    user-data = "#cloud-config\\n"\n    foo = "#!/bin/sh"\n  }\n}',
      ['shell lasting', 'cloud-init '],
    ],
  ];
  for (const [resource, expected] of machines) {
    it(`first boot: ${resource.replace(/\s+/g, ' ')}`, () => {
      const found = read(`${resource}\n`).embedded.map((piece) => {
        const inner = piece.parse();
        const machine = piece.format.id === 'shell' ? (inner as ShellDocument).script.machine : '';
        return `${piece.format.id} ${machine}`;
      });
      assert.deepEqual(found, expected);
    });
  }

  it('a configuration with a state is told to all folders above it', () => {
    const keys = (path: string, text: string) =>
      (read(text, path).facts ?? []).map(({ key }) => key);
    const backend = 'terraform {\n  backend "s3" {}\n}\n';
    assert.deepEqual(keys('a/b/main.tf', backend), ['', 'a', 'a/b']);
    assert.deepEqual(keys('main.tf', 'terraform {\n  cloud {}\n}\n'), ['']);
    assert.deepEqual(keys('main.tf', 'terraform {}\n'), []);
    assert.deepEqual(keys('examples/a/main.tf', backend), []);
  });

  it('patterns of a .gitignore name files by their last part', () => {
    const document = gitignore.parse(
      Source.file('a/.gitignore', '# x.lock\n\n*.lock \r\n!/b/x.lock\nx/*\nx.lock/\nx.loc?\n'),
    );
    const file = [...document.walk()][0]![1] as IgnoreFile;
    assert.equal(file.folder, 'a');
    assert.deepEqual(
      file.patterns.map((each) => [each.text, each.negated, each.names('x.lock')]),
      [
        ['*.lock', false, true],
        ['!/b/x.lock', true, true],
        ['x/*', false, false],
        ['x.lock/', false, false],
        ['x.loc?', false, true],
      ],
    );
  });
});
