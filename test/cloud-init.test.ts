import assert from 'node:assert/strict';
import { type Document, probe } from '../src/engine/format';
import { type BootCommands, cloudInit, userData } from '../src/formats/cloud-init';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const read = (text: string) => cloudInit.parse(Source.file('user-data', text));
/** The scripts of a document, those of documents in it too. */
function scripts(document: Document<any>): readonly ShellDocument[] {
  return document.embedded.flatMap((piece) => {
    const inner = piece.parse();
    return piece.format.id === 'shell' ? [inner as ShellDocument] : scripts(inner);
  });
}
const commandsOf = (text: string) =>
  [...read(text).walk()].flatMap(([kind, node]) =>
    kind === 'commands' ? [node as unknown as BootCommands] : [],
  );

describe('cloud-init', () => {
  before(() => loadGrammar('bash'));

  it('is recognised by how the text begins', () => {
    const claim = (text: string, path = 'user-data') => cloudInit.recognises(probe(path, text));
    assert.equal(claim('#cloud-config\nruncmd: []\n'), 'by-content');
    assert.equal(claim('#cloud-config\r\nruncmd: []\r\n'), 'by-content');
    assert.equal(claim('## template: jinja\n#cloud-config\n'), 'by-content');
    assert.equal(claim('# a comment\n#cloud-config\n'), undefined);
    assert.equal(claim('runcmd: []\n', 'x.yaml'), undefined);
    assert.equal(claim('#cloud-configuration\n'), undefined);
    assert.equal(claim('#!/bin/sh\n'), undefined);
    const mime = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n';
    assert.equal(claim(`${mime}Content-Type: text/cloud-config\n\n`), 'by-content');
    assert.equal(claim(`${mime}Content-Type: text/html\n\n`), undefined);
  });

  // https://cloudinit.readthedocs.io/en/latest/reference/modules.html#runcmd: text as it is, words of lists quoted.
  it('items become lines of one script, those that are lists word by word between quotes', () => {
    const text =
      '#cloud-config\nruncmd:\n  - echo $HOME\n  - [touch, "it\'s", $x]\n  - ~\n  - |\n    a\n    b\n';
    const [commands] = commandsOf(text);
    assert.equal(commands!.text, "echo $HOME\n'touch' 'it'\\''s' '$x'\na\nb\n\n");
    const [script] = scripts(read(text));
    const place = (word: string) => {
      const at = script!.source.text.indexOf(word);
      const range = script!.source.toFile([at, at + word.length])!.range;
      return text.slice(...range);
    };
    for (const word of ['echo $HOME', 'touch', '$x', 'a', 'b']) assert.equal(place(word), word);
    assert.deepEqual(
      script!.script.commands.map((each) => each.name),
      ['echo', 'touch', 'a', 'b'],
    );
  });

  it('nothing is written into a word of a list', () => {
    const text =
      '#cloud-config\nruncmd:\n  - [curl, -o, x, "https://example.com"]\n  - curl -o y z\n';
    const [script] = scripts(read(text));
    const first = script!.source.text.indexOf('curl');
    const last = script!.source.text.lastIndexOf('curl');
    assert.equal(script!.source.editInFile({ range: [first, first + 4], text: 'wget' }), undefined);
    assert.equal(
      script!.source.editInFile({ range: [first + 5, first + 5], text: ' -f' }),
      undefined,
    );
    assert.deepEqual(script!.source.editInFile({ range: [last + 4, last + 4], text: ' -f' }), {
      range: [text.lastIndexOf('curl') + 4, text.lastIndexOf('curl') + 4],
      text: ' -f',
    });
  });

  const facts: readonly [what: string, text: string, expected: object][] = [
    ['runcmd', 'runcmd: [x]', { machine: 'fresh', dialect: 'sh', stopsOnError: false }],
    ['bootcmd', 'bootcmd: [x]', { machine: 'lasting', dialect: 'sh', stopsOnError: false }],
    [
      'a script for every boot',
      'write_files:\n  - path: /var/lib/cloud/scripts/per-boot/x\n    content: "#!/bin/bash -e"',
      { machine: 'lasting', dialect: 'bash', stopsOnError: true },
    ],
    [
      'a script for the first boot',
      'write_files:\n  - path: /var/lib/cloud/scripts/per-instance/x\n    content: "#!/bin/sh"',
      { machine: 'fresh' },
    ],
    [
      'a daily script',
      'write_files:\n  - path: /etc/cron.daily/x\n    content: "#!/bin/sh"',
      { machine: 'lasting' },
    ],
    [
      'a script nobody mentions',
      'write_files:\n  - path: /opt/x.sh\n    content: "true"',
      { machine: undefined, use: 'script' },
    ],
    [
      'an installation',
      'autoinstall:\n  late-commands: [x]',
      { machine: 'fresh', stopsOnError: false },
    ],
    ['what is installed', 'autoinstall:\n  user-data:\n    bootcmd: [x]', { machine: 'lasting' }],
  ];
  for (const [what, text, expected] of facts) {
    it(`facts of ${what}`, () => {
      const [script] = scripts(read(`#cloud-config\n${text}\n`));
      for (const [key, value] of Object.entries(expected)) {
        const { script: model } = script!;
        assert.equal(model[key as keyof typeof model], value, key);
      }
    });
  }

  it('a written script runs where it is called', () => {
    const called = (commands: string, more = '') =>
      scripts(
        read(
          `#cloud-config\nwrite_files:\n  - path: /opt/x.sh\n    content: "#!/bin/sh"\n${more}${commands}`,
        ),
      ).find(({ source }) => source.text.startsWith('#!'))?.script.machine;
    assert.equal(called('runcmd:\n  - [sh, /opt/x.sh]\n'), 'fresh');
    assert.equal(called('bootcmd:\n  - /opt/x.sh\nruncmd:\n  - /opt/x.sh\n'), 'lasting');
    const unit = '  - path: /etc/systemd/system/x.service\n    content: ExecStart=/opt/x.sh\n';
    assert.equal(called('runcmd:\n  - /opt/x.sh\n', unit), undefined);
  });

  it('files that are no shell, and encoded ones, are left alone', () => {
    const files = [
      '- path: /a.py\n    content: "#!/usr/bin/python3"',
      '- path: /etc/motd\n    content: hello',
      '- path: /b.sh\n    encoding: b64\n    content: dHJ1ZQ==',
      '- path: /c.sh',
    ];
    assert.deepEqual(scripts(read(`#cloud-config\nwrite_files:\n  ${files.join('\n  ')}\n`)), []);
  });

  it('templates of Terraform and Jinja are hidden, the shell behind $${ } is not', () => {
    const text =
      '#cloud-config\n%{ for k in keys ~}\nkey: x\n%{ endfor ~}\nruncmd:\n  - echo $${HOME} ${name} {{ v1.region }}\n';
    const document = read(text);
    assert.deepEqual(document.problems, []);
    const [script] = scripts(document);
    assert.equal(script!.source.text, 'echo ${HOME} _______ _______________\n');
    const at = script!.source.text.indexOf('_');
    assert.equal(text.slice(...script!.source.toFile([at, at + 7])!.range), '${name}');
    const [plain] = scripts(read('#cloud-config\nruncmd:\n  - echo ${HOME} ${f(x)}\n'));
    assert.equal(plain!.source.text, 'echo ${HOME} _______\n');
  });

  it('parts of a multipart message are read by their kind', () => {
    const mail = `Content-Type: multipart/mixed; boundary="==B=="
MIME-Version: 1.0

--==B==
Content-Type: text/cloud-config; charset="us-ascii"

bootcmd:
  - one
--==B==
Content-Type: text/x-shellscript

#!/bin/bash
two
--==B==
Content-Type: text/x-shellscript
Content-Transfer-Encoding: base64

dHdv
--==B==--
`;
    for (const text of [mail, mail.replaceAll('\n', '\r\n')]) {
      const found = scripts(read(text));
      assert.deepEqual(
        found.map(({ script }) => [script.commands[0]?.name, script.machine, script.dialect]),
        [
          ['one', 'lasting', 'sh'],
          ['two', 'fresh', 'bash'],
        ],
      );
    }
  });

  it('user data is told by its first line', () => {
    const kind = (text: string) => {
      const piece = userData(Source.file('f', text), { range: [0, 0] });
      const script =
        piece?.format.id === 'shell' ? (piece.parse() as ShellDocument).script : undefined;
      return piece ? `${piece.format.id} ${script?.machine ?? ''}`.trim() : undefined;
    };
    assert.equal(kind('#cloud-config\n'), 'cloud-init');
    assert.equal(kind('#!/bin/bash\n'), 'shell fresh');
    assert.equal(kind('#cloud-boothook\n#!/bin/sh\n'), 'shell lasting');
    assert.equal(kind('#!/usr/bin/env python3\n'), undefined);
    assert.equal(kind('#include\nhttps://example.com\n'), undefined);
    assert.equal(kind('<powershell>\n'), undefined);
  });

  it('what is broken or has another shape is read as far as it goes', () => {
    for (const text of [
      '#cloud-config\n',
      '#cloud-config\n- a\n',
      '#cloud-config\nruncmd: x\n',
      '#cloud-config\nruncmd:\n  - {a: b}\n  - [[a], b]\n',
      '#cloud-config\nruncmd:\n  - "unclosed\nbootcmd: [',
      '#cloud-config\nwrite_files: {}\nautoinstall: 1\n',
      'MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--x\n',
      'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/cloud-config',
    ]) {
      scripts(read(text));
    }
  });
});
