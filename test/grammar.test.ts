import type { IGrammar } from 'vscode-textmate';
import { check, grammar } from './tokens';

// Grammars of the hosts, as small as will do, for those that VS Code does not bring itself. With its own ours are tried in
// test/vscode/ui/own-grammars.test.ts.

/** A shell that knows a command, its quoted and plain words, variables and comments. */
const shell = {
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

/** A YAML that, like the grammars of GitHub's and of Ansible's extension, leaves a line's indentation alone. */
const yaml = {
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

const dockerfile = {
  patterns: [
    { match: '^\\s*#.*$', name: 'comment.line.dockerfile' },
    { match: '^[A-Z]+', name: 'keyword.dockerfile' },
    { begin: '"', end: '"', name: 'string.quoted.dockerfile' },
  ],
};

const ruby = {
  patterns: [
    { match: '^\\s*#.*$', name: 'comment.line.ruby' },
    { begin: '"', end: '"', name: 'string.quoted.ruby' },
    { match: ':\\w+', name: 'constant.ruby' },
    { begin: '<<[-~](\\w+)', end: '^\\s*\\1$', name: 'string.unquoted.heredoc.ruby' },
  ],
};

const hosts = new Map<string, object>([
  ['source.ansible', yaml],
  ['source.dockerfile', dockerfile],
  ['source.github-actions-workflow', yaml],
  ['source.ruby', ruby],
  ['source.shell', shell],
]);

const embedded = 'meta.embedded';

describe('grammar', () => {
  describe('shell in workflows', () => {
    let of: IGrammar;
    before(async () => {
      of = await grammar('source.github-actions-workflow', hosts);
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
  - shell: bash -e x`;
      check(of, text, [
        ['echo', 'command.shell'],
        ['open', 'string.quoted.shell'],
        ['name', `!${embedded}`],
        ['npm', 'command.shell'],
        ['note', 'comment.line.shell'],
        ['bash', `!${embedded}`],
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

  it('knows the modules of Ansible', async () => {
    const of = await grammar('source.ansible', hosts);
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

  it('leaves texts alone that only look like shell', async () => {
    const of = await grammar('source.github-actions-workflow', hosts);
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
      of = await grammar('source.dockerfile', hosts);
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
    const of = await grammar('source.ruby', hosts);
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
