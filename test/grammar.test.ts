import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, type IRawGrammar, Registry } from 'vscode-textmate';
import manifest from '../package.json';

const root = join(__dirname, '..');

// Grammars of the hosts, as small as will do. VS Code's own are looked at in a real VS Code (test/vscode/ui).

/** A shell that knows a command, its quoted and plain words, variables and comments. */
const shell = {
  scopeName: 'source.shell',
  patterns: [
    { match: '(?:^|[ \\t]+)(#.*)', name: 'comment.line.shell' },
    { match: '[;|&]+', name: 'keyword.operator.shell' },
    { include: '#words' },
  ],
  repository: {
    typical_statements: {
      patterns: [{ match: '\\G[ \\t]*([\\w./-]+)', name: 'command.shell' }, { include: '#words' }],
    },
    words: {
      patterns: [
        {
          begin: '"',
          end: '"',
          name: 'string.quoted.shell',
          patterns: [{ include: '#variable' }],
        },
        { include: '#variable' },
      ],
    },
    variable: { match: '\\$\\w+', name: 'variable.shell' },
  },
};

/** A YAML that, like the older grammars, leaves a line's indentation alone. */
const yaml = {
  scopeName: 'source.yaml',
  patterns: [
    { match: '(?<=^|[ \\t])#.*$', name: 'comment.line.yaml' },
    { begin: '"', end: '"', name: 'string.quoted.yaml' },
    {
      begin: '^([ \\t]*)([\\w.-]+)(:)[ \\t]+[|>][-+]?$',
      while: '^(?:\\1[ \\t]|[ \\t]*$)',
      name: 'string.unquoted.block.yaml',
    },
    { match: '([\\w.-]+)(:)(?=[ \\t]|$)', captures: { 1: { name: 'key.yaml' } } },
  ],
};

/** A YAML that, like VS Code's own now, takes the indentation of a mapping off each of its lines. */
const nested = {
  scopeName: 'source.yaml',
  patterns: [{ include: '#mapping' }],
  repository: {
    mapping: {
      begin: '\\G([ \\t]*)(?=- |[\\w.-]+:)',
      while: '\\G\\1(?=[ \\t]*\\S)',
      patterns: [
        { match: '#.*$', name: 'comment.line.yaml' },
        { match: '-[ \\t]', name: 'dash.yaml' },
        {
          begin: '([\\w.-]+)(:)[ \\t]*$',
          while: '\\G(?=[ \\t])',
          patterns: [{ include: '#mapping' }],
        },
        { match: '([\\w.-]+)(:)(?=[ \\t])', captures: { 1: { name: 'key.yaml' } } },
      ],
    },
  },
};

const dockerfile = {
  scopeName: 'source.dockerfile',
  patterns: [
    { match: '^\\s*#.*$', name: 'comment.line.dockerfile' },
    { match: '^[A-Z]+', name: 'keyword.dockerfile' },
    { begin: '"', end: '"', name: 'string.quoted.dockerfile' },
  ],
};

const ruby = {
  scopeName: 'source.ruby',
  patterns: [
    { match: '^\\s*#.*$', name: 'comment.line.ruby' },
    { begin: '"', end: '"', name: 'string.quoted.ruby' },
    { match: ':\\w+', name: 'constant.ruby' },
    { begin: '<<[-~](\\w+)', end: '^\\s*\\1$', name: 'string.unquoted.heredoc.ruby' },
  ],
};

const contributed = manifest.contributes.grammars;

async function grammar(scope: string, hosts: readonly object[]): Promise<IGrammar> {
  const known = new Map<string, IRawGrammar>();
  for (const host of [shell, ...hosts] as { scopeName: string }[]) {
    known.set(host.scopeName, { repository: {}, ...host } as unknown as IRawGrammar);
  }
  for (const { scopeName, path } of contributed) {
    known.set(scopeName, JSON.parse(readFileSync(join(root, path), 'utf8')));
  }
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async (name) => known.get(name) ?? null,
    getInjections: (name) =>
      contributed.filter(({ injectTo }) => injectTo.includes(name)).map((each) => each.scopeName),
  });
  return (await registry.loadGrammar(scope))!;
}

/** The scopes of each character of a text, by line. */
function scopes(of: IGrammar, text: string): string[][][] {
  let stack = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = of.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes: names }) =>
      Array.from({ length: Math.min(endIndex, line.length) - startIndex }, () => names),
    );
  });
}

/**
 * Holds a text against what is expected of it: `words` of it, in the order they stand in, each with a scope it has
 * (or, with `!` before it, has not).
 */
function check(
  of: IGrammar,
  text: string,
  expected: readonly (readonly [word: string, scope: string])[],
) {
  const found = scopes(of, text);
  const lines = text.split('\n');
  let at = { line: 0, column: 0 };
  for (const [word, scope] of expected) {
    let column = lines[at.line]!.indexOf(word, at.column);
    let { line } = at;
    while (column === -1 && ++line < lines.length) column = lines[line]!.indexOf(word);
    assert.notEqual(column, -1, `"${word}" is not in the text behind line ${at.line + 1}`);
    const names = found[line]!.slice(column, column + word.length);
    const absent = scope.startsWith('!');
    const name = absent ? scope.slice(1) : scope;
    const has = (all: readonly string[]) => all.some((each) => each.startsWith(name));
    const right = absent ? !names.some(has) : names.every(has);
    assert.ok(right, `line ${line + 1}: "${word}" ${scope}: ${JSON.stringify(names[0])}`);
    at = { line, column: column + word.length };
  }
}

const embedded = 'meta.embedded';

describe('grammar', () => {
  before(async () => {
    const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
    await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  });

  for (const [kind, host] of [
    ['that leaves the indentation', yaml],
    ['that takes the indentation off', nested],
  ] as const) {
    describe(`shell in a YAML grammar ${kind}`, () => {
      let of: IGrammar;
      before(async () => {
        of = await grammar('source.yaml', [host]);
      });

      it('knows a block by its indentation', () => {
        const text = `jobs:
  test:
    steps:
      - name: a
        run: |
          echo "$HOME"

            curl x
        env:
          A: b
      - run: >-
          make
      - uses: x`;
        check(
          of,
          text,
          [
            ['run', 'entity.name.tag'],
            ['|', 'keyword.control.flow'],
            ['echo', embedded],
            ['echo', 'command.shell'],
            ['$HOME', 'variable.shell'],
            ['curl', 'command.shell'],
            ['env', `!${embedded}`],
            ['A', `!${embedded}`],
            ['make', 'command.shell'],
            ['uses', `!${embedded}`],
          ].map(([word, scope], i, all) =>
            i > 0 && all[i - 1]![0] === word ? ['', scope!] : [word!, scope!],
          ),
        );
      });

      it('ends a single line with the line, whatever is open in it', () => {
        const text = `steps:
  - run: echo "open
    name: x
  - run: npm test # note
  - shell: bash
  - shell: bash -e x`;
        check(of, text, [
          ['echo', 'command.shell'],
          ['open', 'string.quoted.shell'],
          ['name', `!${embedded}`],
          ['npm', 'command.shell'],
          ['note', 'comment.line.shell'],
          ['bash', `!${embedded}`],
          ['bash', 'command.shell'],
        ]);
      });

      it('knows the lists of GitLab', () => {
        const text = `build:
  before_script:
    - echo a
    - |
      make
        all
    - 'npm ci'
  script:
  - make test
  after_script: [x]
  stage: test`;
        check(of, text, [
          ['before_script', 'entity.name.tag'],
          ['echo', 'command.shell'],
          ['make', 'command.shell'],
          ['all', embedded],
          ['npm ci', embedded],
          ['script', 'entity.name.tag'],
          ['make', 'command.shell'],
          ['stage', `!${embedded}`],
        ]);
      });

      it('knows the modules of Ansible', () => {
        const text = `tasks:
  - name: a
    ansible.builtin.shell: |
      echo a
    args: x
  - command: systemctl restart x
  - ansible.builtin.command: ls
  - ansible.builtin.copy: src=a`;
        check(of, text, [
          ['ansible.builtin.shell', 'entity.name.tag'],
          ['echo', 'command.shell'],
          ['args', `!${embedded}`],
          ['systemctl', 'command.shell'],
          ['ls', 'command.shell'],
          ['src', `!${embedded}`],
        ]);
      });

      it('leaves the script of an action alone, which is JavaScript', () => {
        const text = `jobs:
  a:
    steps:
      - uses: actions/github-script@v7
        with:
          script: |
            const a = 1;`;
        check(of, text, [['const', `!${embedded}`]]);
      });

      it('knows what is filled in, and a here-document that is indented', () => {
        const text = `steps:
  - run: |
      curl "https://x/\${{ matrix.a }}"
      cat <<EOF
      raw "$USER
      EOF
      echo done`;
        check(of, text, [
          ['matrix.a', 'variable.other'],
          ['EOF', 'punctuation.definition.string.heredoc'],
          ['raw', 'string.unquoted.heredoc'],
          ['EOF', 'punctuation.definition.string.heredoc'],
          ['echo', 'command.shell'],
        ]);
      });

      it("shows Andon's comments in both", () => {
        const text = `steps:
  # andon-allow shell/a, image/*: it is fine until 2030-01-31
  - run: |
      # andon-allow shell/a: why
      curl x # andon-allow shell/a: why`;
        check(of, text, [
          ['andon-allow', 'keyword.other.allow'],
          ['shell/a, image/*', 'entity.name.type.rule'],
          ['it is fine', 'comment.line'],
          ['until', 'keyword.other.until'],
          ['2030-01-31', 'constant.numeric.date'],
          ['andon-allow', 'keyword.other.allow'],
          ['curl', 'command.shell'],
          ['andon-allow', 'keyword.other.allow'],
          ['why', 'comment.line'],
        ]);
      });
    });
  }

  it('leaves texts alone that only look like shell', async () => {
    const of = await grammar('source.yaml', [yaml]);
    const text = `text: |
  run: |
    echo a
name: "run: echo"
other: "# andon-allow shell/a: why"`;
    check(of, text, [
      ['echo', `!${embedded}`],
      ['echo', `!${embedded}`],
      ['andon-allow', '!keyword.other.allow'],
    ]);
  });

  describe('shell in a Dockerfile', () => {
    let of: IGrammar;
    before(async () => {
      of = await grammar('source.dockerfile', [dockerfile]);
    });

    it('goes over joined lines and the comments between them', () => {
      const text = `FROM a
RUN --mount=type=cache,target=/x apt-get update \\
    # andon-allow shell/a: why
 && echo "$A"
COPY a b
ONBUILD RUN make`;
      check(of, text, [
        ['RUN', 'keyword.other'],
        ['--mount', 'variable.parameter'],
        ['apt-get', 'command.shell'],
        ['andon-allow', 'keyword.other.allow'],
        ['&&', 'keyword.operator.shell'],
        ['$A', 'variable.shell'],
        ['COPY', `!${embedded}`],
        ['make', 'command.shell'],
      ]);
    });

    it('knows here-documents and leaves lists alone', () => {
      const text = `RUN <<EOF
echo $A
EOF
RUN ["echo", "$A"]
USER x`;
      check(of, text, [
        ['EOF', 'punctuation.definition.string.heredoc'],
        ['$A', 'variable.shell'],
        ['EOF', 'punctuation.definition.string.heredoc'],
        ['echo', 'string.quoted.dockerfile'],
        ['USER', `!${embedded}`],
      ]);
    });
  });

  it('knows shell in Vagrantfiles and recipes', async () => {
    const of = await grammar('source.ruby', [ruby]);
    const text = `$script = <<-SCRIPT
  apt-get #{what} "$NAME"
  SCRIPT
config.vm.provision "shell", inline: <<~EOS, run: :always
  echo a
EOS
bash 'x' do
  code <<-EOH
    curl x
  EOH
  user 'y'
end
text = <<~TEXT
  make
TEXT
s.inline = "make"`;
    check(of, text, [
      ['SCRIPT', 'punctuation.definition.string'],
      ['apt-get', 'command.shell'],
      ['what', 'meta.template'],
      ['$NAME', 'variable.shell'],
      ['SCRIPT', 'punctuation.definition.string'],
      ['config', `!${embedded}`],
      [':always', 'constant.ruby'],
      ['echo', 'command.shell'],
      ['bash', `!${embedded}`],
      ['curl', 'command.shell'],
      ['user', `!${embedded}`],
      ['make', `!${embedded}`],
      ['make', `!${embedded}`],
    ]);
  });
});
