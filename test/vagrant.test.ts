import assert from 'node:assert/strict';
import { probe } from '../src/engine/format';
import type { ShellDocument } from '../src/formats/shell';
import { type VagrantProvisioner, vagrant } from '../src/formats/vagrant';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const parse = (body: string, before = '') =>
  vagrant.parse(
    Source.file('Vagrantfile', `${before}Vagrant.configure("2") do |config|\n${body}\nend\n`),
  );

const provisioners = (body: string, before?: string) =>
  [...parse(body, before).walk()]
    .filter(([kind]) => kind === 'provisioner')
    .map(([, node]) => node as VagrantProvisioner);

const scripts = (body: string, before?: string) =>
  parse(body, before)
    .embedded.filter((each) => each.format.id === 'shell')
    .map((each) => (each.parse() as ShellDocument).script);

describe('vagrant', () => {
  before(async () => {
    await loadGrammar('ruby');
    await loadGrammar('bash');
  });

  const files: readonly (readonly [path: string, text: string, claim: string | undefined])[] = [
    ['Vagrantfile', '', 'by-name'],
    ['Vagrantfile.ci', 'Vagrant.configure("2") do |c|\nend\n', 'by-content'],
    ['Vagrantfile.erb', '<% if x %>\nVagrant.configure("2")\n', undefined],
    ['Vagrantfile.md', '# Vagrantfile\n', undefined],
  ];
  for (const [path, text, claim] of files) {
    it(`${path} ${JSON.stringify(text)} is ${claim ?? 'not one'}`, () => {
      assert.equal(vagrant.recognises(probe(path, text)), claim);
    });
  }

  const spellings: readonly (readonly [what: string, body: string, before?: string])[] = [
    ['in the call', 'config.vm.provision "shell", inline: "echo a"'],
    ['as a symbol', 'config.vm.provision :shell, :inline => "echo a"'],
    ['in a block', 'config.vm.provision "shell" do |s|\n s.inline = "echo a"\nend'],
    ['under a name', 'config.vm.provision "first", type: "shell", inline: "echo a"'],
    ['in a here-document', 'config.vm.provision "shell", inline: <<~SHELL\n  echo a\nSHELL'],
    [
      'without its margin',
      'config.vm.provision "shell", inline: <<-S.gsub(/^ {2}/, "").strip\n  echo a\nS',
    ],
    ['in a variable', 'config.vm.provision "shell", inline: $s', '$s = <<-S\necho a\nS\n'],
    ['in a constant', 'config.vm.provision "shell", inline: S', 'S = "echo a"\n'],
    ['in a method', 'config.vm.provision "shell", inline: s', 'def s\n  "echo a"\nend\n'],
    [
      'of a machine',
      'config.vm.define "web" do |web|\n web.vm.provision "shell", inline: "echo a"\nend',
    ],
    [
      'in a condition of a loop',
      '(1..3).each do |i|\n if i == 1\n  config.vm.provision "shell", inline: "echo a"\n end\nend',
    ],
  ];
  for (const [what, body, before] of spellings) {
    it(`finds the script ${what}`, () => {
      const [script] = scripts(body, before);
      assert.equal(script?.text.trim(), 'echo a');
      assert.equal(script.machine, 'lasting');
      assert.equal(script.use, 'provisioning');
      assert.deepEqual(
        [script.dialect, script.stopsOnError, script.pipefail],
        ['bash', false, false],
      );
    });
  }

  it('reads a script that two machines share once', () => {
    const body = 'config.vm.provision "shell", inline: S\nconfig.vm.provision "shell", inline: S';
    assert.equal(scripts(body, 'S = "echo a"\n').length, 1);
  });

  it('the first line of a script decides who reads it', () => {
    const facts = (first: string) =>
      scripts(`config.vm.provision "shell", inline: <<-S\n${first}\necho a\nS`).map(
        ({ dialect, stopsOnError }) => [dialect, stopsOnError],
      );
    assert.deepEqual(facts('#!/bin/sh -e'), [['sh', true]]);
    assert.deepEqual(facts('#!/usr/bin/env bash'), [['bash', false]]);
    assert.deepEqual(facts('#!/usr/bin/env python3'), []);
    assert.deepEqual(facts('Set-ExecutionPolicy Bypass'), []);
  });

  it('leaves alone what is not known, and what Windows runs', () => {
    assert.deepEqual(scripts('config.vm.provision "shell", inline: "a" + b'), []);
    assert.deepEqual(scripts('config.vm.provision "shell", inline: s', 's = "a"\ns = "b"\n'), []);
    assert.deepEqual(
      scripts('config.vm.communicator = "winrm"\nconfig.vm.provision "shell", inline: "dir"'),
      [],
    );
  });

  it('says which scripts of the workspace it runs', () => {
    const { facts } = parse(
      [
        'config.vm.provision "shell", path: "scripts/setup.sh", run: "always"',
        'config.vm.provision "shell", path: "https://example.com/x.sh"',
        'config.vm.provision "shell", path: "setup.ps1"',
        'config.vm.provision "shell" do |s|\n s.path = "tools"\nend',
      ].join('\n'),
    );
    assert.deepEqual(facts, [
      { kind: 'shell/runs-on-lasting', key: 'setup.sh' },
      { kind: 'shell/runs-on-lasting', key: 'tools' },
    ]);
  });

  it('knows playbooks, and when a provisioner runs', () => {
    const found = provisioners(
      'config.vm.provision "ansible" do |a|\n a.playbook = "site.yml"\nend\nconfig.vm.provision "shell", inline: "x", run: "never"',
    );
    assert.deepEqual(
      found.map(({ type, path, run }) => [type, path, run]),
      [
        ['ansible', 'site.yml', 'once'],
        ['shell', undefined, 'never'],
      ],
    );
  });

  it('knows the images of docker as provisioner and as provider', () => {
    const { embedded } = parse(
      [
        'config.vm.provision "docker", images: ["a:1"]',
        'config.vm.provision "docker" do |d|\n d.pull_images "b", "c"\n d.run "d", image: "e:2"\n d.run "f"\nend',
        'config.vm.provider "docker" do |d|\n d.image = "g"\nend',
      ].join('\n'),
    );
    assert.deepEqual(
      embedded.map((each) => each.parse().source.text),
      ['a:1', 'b', 'c', 'e:2', 'f', 'g'],
    );
  });

  it('reads half a file', () => {
    const { problems, walk } = vagrant.parse(
      Source.file(
        'Vagrantfile',
        'Vagrant.configure("2") do |config|\n  config.vm.box = "a"\n  config.vm.provision "shell", inline: "b"\n  if x\n',
      ),
    );
    assert.ok(problems.length > 0);
    assert.deepEqual(
      [...walk()].map(([kind]) => kind),
      ['box', 'provisioner'],
    );
  });
});
