import assert from 'node:assert/strict';
import { type Instruction, parseDockerfile } from '../src/syntax/dockerfile';
import type { Range, Value } from '../src/text/range';
import { Source } from '../src/text/source';

const parse = (text: string) => parseDockerfile(Source.file('Dockerfile', text));
const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const values = (all: readonly Value[]) => all.map((each) => each.value);

function only(text: string): Instruction {
  const { instructions } = parse(text);
  assert.equal(instructions.length, 1, `instructions of ${JSON.stringify(text)}`);
  return instructions[0]!;
}

/** Every source an instruction holds. */
const sourcesOf = (instruction: Instruction): Source[] => [
  ...(instruction.body ? [instruction.body] : []),
  ...instruction.heredocs.map((heredoc) => heredoc.body),
  ...(instruction.exec ?? []).map((item) => item.text),
];

/** Every range an instruction holds. */
const rangesOf = (instruction: Instruction): Range[] =>
  [
    instruction,
    instruction.keyword,
    ...instruction.flags.flatMap((flag) => [flag, ...(flag.value ? [flag.value] : [])]),
    ...instruction.args,
    ...(instruction.exec ?? []),
    ...(instruction.assignments ?? []).flatMap((each) => [
      each.name,
      ...(each.value ? [each.value] : []),
    ]),
    ...instruction.heredocs.flatMap((heredoc) => [
      heredoc,
      heredoc.delimiter,
      ...(heredoc.follows ? [heredoc.follows] : []),
    ]),
  ].map((each) => each.range);

/** Each character of each source comes from the character it shows, a line break from a line break. */
function assertMapped(text: string): void {
  const file = Source.file('Dockerfile', text);
  for (const instruction of parseDockerfile(file).instructions) {
    for (const source of sourcesOf(instruction)) {
      for (let i = 0; i < source.text.length; i++) {
        const place = source.toFile([i, i + 1]);
        assert.ok(place, `${JSON.stringify(source.text)} has no origin at ${i}`);
        const written = text.slice(...place.range);
        const escaped = !place.exact && (written === '\r\n' || written.startsWith('\\'));
        if (!escaped) assert.equal(written, source.text[i], `at ${i} of ${source.text}`);
      }
    }
  }
}

const sample = `# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM "alpine:3" AS base

ARG VERSION=1 NAME
ENV A=b C="d e" \\
    # a comment
    F=g\\ h
ENV OLD some "old" value
LABEL "com.example"="x y" plain=z
  RUN --mount=type=cache,target="/a b" --network=none apk add \\
    # why
    curl \\

	git && echo "é😀" \\\t
  && true
COPY --from=base --chown=1:1 a b /c/
COPY ["a b", "\\u00e9\\n", "/d"]
RUN <<EOF
#!/bin/sh
echo one

EOF
RUN python3 <<-"PY" > /log && echo done
		print(1)
	PY
COPY <<A <<'B' /etc/
a $x
A
b
B
ONBUILD RUN echo "later"
HEALTHCHECK --interval=5m CMD curl -f http://localhost || exit 1
WORKDIR /a b
CMD ["sh", "-c", "echo \\"hi\\""]
ENTRYPOINT exec top -b`;

describe('Dockerfile syntax', () => {
  describe('shell forms', () => {
    const cases: readonly (readonly [text: string, body: string | undefined])[] = [
      ['RUN a', 'a'],
      ['run\ta  b \t', 'a  b'],
      ['RUN a \\\n  b', 'a   b'],
      ['RUN a\\\nb', 'ab'],
      ['RUN a \\  \n# c\n\n  # d\n  b', 'a   b'],
      ['RUN a # b \\\nc', 'a # b c'],
      ['RUN a \\', 'a'],
      ['RUN a \\\n', 'a'],
      ['RUN \\\n  a', 'a'],
      ['RUN a \\\n\\\n b', 'a  b'],
      ['R\\\nUN a', 'a'],
      ['# escape=`\nRUN a `\n b \\ c', 'a  b \\ c'],
      ['\ufeff# syntax=x\n# Escape = `\nRUN a `\nb', 'a b'],
      ['RUN --mount=type=ssh --network=none a --b', 'a --b'],
      ['RUN -- --b', '--b'],
      ['RUN ["a"] b', '["a"] b'],
      ["CMD ['a']", "['a']"],
      ['CMD', undefined],
      ['ENTRYPOINT exec a', 'exec a'],
      ['HEALTHCHECK --interval=5m CMD a || b', 'a || b'],
      ['HEALTHCHECK NONE', undefined],
      ['ONBUILD RUN a', 'a'],
      ['COPY a b', undefined],
      ['RUN ["a"]', undefined],
    ];
    for (const [text, body] of cases) {
      it(JSON.stringify(text), () => {
        assert.equal(only(text).body?.text, body);
        assert.equal(only(crlf(text)).body?.text, body);
      });
    }
  });

  describe('exec forms', () => {
    const cases: readonly (readonly [text: string, exec: readonly string[] | undefined])[] = [
      ['CMD ["a", "b c"]', ['a', 'b c']],
      ['CMD [ "a" , \\\n "b" ] ', ['a', 'b']],
      ['CMD []', []],
      ['CMD ["a",]', undefined],
      ['CMD ["a" "b"]', undefined],
      ['CMD ["a"', undefined],
      ['CMD ["a\\q"]', undefined],
      ['CMD ["\\u00e9\\n\\"\\/\\\\"]', ['é\n"/\\']],
      ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]', ['/bin/bash', '-o', 'pipefail', '-c']],
      ['HEALTHCHECK --retries=3 CMD ["curl", "x"]', ['curl', 'x']],
      ['COPY --from=x ["a b", "c"]', ['a b', 'c']],
      ['VOLUME ["/a"]', ['/a']],
      ['ONBUILD CMD ["a"]', ['a']],
      ['USER ["a"]', undefined],
    ];
    for (const [text, exec] of cases) {
      it(JSON.stringify(text), () => {
        const found = only(text).exec;
        assert.deepEqual(found && values(found), exec);
        assert.deepEqual(
          found?.map((item) => item.text.text),
          exec,
        );
      });
    }

    it('writes back into a string', () => {
      const text = 'CMD ["sh", "-c", "a\\n\\"b\\""]';
      const script = only(text).exec![2]!.text;
      assert.equal(script.text, 'a\n"b"');
      const edit = script.editInFile({ range: [0, 1], text: 'c "d"' });
      assert.deepEqual(edit, { range: [18, 19], text: 'c \\"d\\"' });
      assert.equal(script.editInFile({ range: [1, 2], text: ';' }), undefined);
    });
  });

  describe('words', () => {
    const cases: readonly (readonly [text: string, args: readonly string[]])[] = [
      ['FROM alpine AS x', ['alpine', 'AS', 'x']],
      ['FROM --platform=linux/amd64 "alpine"', ['alpine']],
      ['FROM a \\\n # c\n AS b', ['a', 'AS', 'b']],
      ['COPY a b\\\n /c', ['a', 'b', '/c']],
      ['COPY ["a b", "c"]', ['a b', 'c']],
      ['EXPOSE 80 "443"/tcp', ['80', '443/tcp']],
      ['WORKDIR /a b', ['/a b']],
      ['WORKDIR "/a b"', ['/a b']],
      ['WORKDIR C:\\\\a', ['C:\\a']],
      ['# escape=`\nWORKDIR C:\\a', ['C:\\a']],
      ['USER "a:b"', ['a:b']],
      ['MAINTAINER "A B" c', ['"A B" c']],
      ['RUN a "b c" d\\ e', ['a', '"b c"', 'd\\ e']],
      ['HEALTHCHECK CMD ["a", "b"]', ['CMD', 'a', 'b']],
      ['VOLUME /a /b', ['/a', '/b']],
      ['ENV a=b c="d e"', ['a=b', 'c=d e']],
    ];
    for (const [text, args] of cases) {
      it(JSON.stringify(text), () => {
        assert.deepEqual(values(only(text).args), args);
        assert.deepEqual(values(only(crlf(text)).args), args);
      });
    }
  });

  describe('flags', () => {
    const cases: readonly (readonly [text: string, flags: readonly (readonly string[])[]])[] = [
      ['COPY --from=a --link b c', [['from', 'a'], ['link']]],
      ['RUN --mount=type=bind,source="a b" c', [['mount', 'type=bind,source=a b']]],
      [
        'RUN \\\n --mount=a \\\n --mount=b \\\n c',
        [
          ['mount', 'a'],
          ['mount', 'b'],
        ],
      ],
      ['COPY --from= a b', [['from', '']]],
      ['RUN a --b', []],
      ['ONBUILD COPY --from=a b c', [['from', 'a']]],
    ];
    for (const [text, flags] of cases) {
      it(JSON.stringify(text), () => {
        const found = only(text).flags;
        assert.deepEqual(
          found.map(({ name, value }) => (value ? [name, value.value] : [name])),
          flags,
        );
        for (const flag of found) assert.match(text.slice(...flag.range), /^--/);
      });
    }
  });

  describe('assignments', () => {
    const cases: readonly (readonly [
      text: string,
      set: Readonly<Record<string, string | null>>,
    ])[] = [
      ['ARG A', { A: null }],
      ['ARG A=b C D="e f"', { A: 'b', C: null, D: 'e f' }],
      ['ENV A=b C="d e" F=\'g "h"\'', { A: 'b', C: 'd e', F: 'g "h"' }],
      ['ENV A=b\\ c D=\\"e\\"', { A: 'b c', D: '"e"' }],
      ['ENV A="b\\"c\\d" E=', { A: 'b"c\\d', E: '' }],
      ['ENV A=$B C=${D:-e}', { A: '$B', C: '${D:-e}' }],
      ['ENV A b "c"  d', { A: 'b c  d' }],
      ['ENV A \\\n b', { A: 'b' }],
      ['ENV A=b \\\n # c\n C=d', { A: 'b', C: 'd' }],
      ['LABEL "a.b"="c d" e=f', { 'a.b': 'c d', e: 'f' }],
      ['# escape=`\nENV A="b`"c\\d"', { A: 'b"c\\d' }],
      ['ONBUILD ENV A=b', { A: 'b' }],
    ];
    for (const [text, set] of cases) {
      it(JSON.stringify(text), () => {
        const found = only(text).assignments!.map(
          ({ name, value }) => [name.value, value ? value.value : null] as const,
        );
        assert.deepEqual(Object.fromEntries(found), set);
      });
    }
  });

  describe('here-documents', () => {
    it('that are the whole script', () => {
      const run = only('RUN <<EOF\na\n\n\tb\nEOF\n');
      const [heredoc] = run.heredocs;
      assert.equal(heredoc!.body.text, 'a\n\n\tb\n');
      assert.equal(heredoc!.reader, 'script');
      assert.equal(run.body, heredoc!.body);
    });

    it('that a command reads are passed on behind the line', () => {
      const run = only('RUN cat <<-A <<"B" > f && b\n\ta\n\tA\n\tb\nB\n');
      assert.equal(run.body!.text, 'cat <<-A <<"B" > f && b\n\ta\nA\n\tb\nB');
      assert.deepEqual(
        run.heredocs.map((each) => [
          each.delimiter.value,
          each.quoted,
          each.stripTabs,
          each.reader,
          each.follows?.value,
          each.body.text,
        ]),
        [
          ['A', false, true, 'input', '<<"B" > f && b', 'a\n'],
          ['B', true, false, 'input', '> f && b', '\tb\n'],
        ],
      );
    });

    it('with the command behind them', () => {
      const [heredoc] = only('RUN <<EOF python3\nprint(1)\nEOF').heredocs;
      assert.equal(heredoc!.follows!.value, 'python3');
      assert.equal(heredoc!.reader, 'input');
    });

    it('that are files', () => {
      const copy = only('COPY <<EOF /x\n$a\nEOF');
      assert.equal(copy.heredocs[0]!.reader, 'file');
      assert.equal(copy.heredocs[0]!.follows!.value, '/x');
      assert.equal(copy.body, undefined);
    });

    it('hide what looks like instructions', () => {
      const { instructions } = parse('RUN 3<<EOF a\nRUN b\nEOF\nRUN c');
      assert.deepEqual(
        instructions.map((each) => each.heredocs.length),
        [1, 0],
      );
    });

    it('that are not closed make no script', () => {
      const { instructions, problems } = parse('RUN <<EOF\na\nFROM b');
      assert.equal(instructions.length, 1);
      assert.equal(instructions[0]!.body, undefined);
      assert.equal(instructions[0]!.heredocs[0]!.closed, false);
      assert.equal(problems.length, 1);
    });

    it('are none in an exec form, a here-string or a shift', () => {
      for (const text of ['RUN ["a", "<<EOF"]', 'RUN a <<<b', 'RUN echo $((1 << 2))']) {
        assert.deepEqual(only(text).heredocs, []);
      }
    });

    for (const lineBreak of ['\n', '\r\n']) {
      it(`take new lines, ended as the file ends them: ${JSON.stringify(lineBreak)}`, () => {
        const text = 'RUN <<-EOF\n\ta\n\tb\n\tEOF\n'.replaceAll('\n', lineBreak);
        const { body } = only(text).heredocs[0]!;
        assert.equal(body.text, 'a\nb\n');
        const edit = body.editInFile({ range: [0, 1], text: 'c\n\nd' });
        assert.equal(edit?.text, `c${lineBreak}${lineBreak}\td`);
        assert.equal(text.slice(...edit!.range), 'a');
        assert.equal(body.editInFile({ range: [0, 1], text: 'c\nEOF' }), undefined);
        assert.equal(body.editInFile({ range: [0, 1], text: 'c\n\td' }), undefined);
      });
    }
  });

  it('refuses edits that would end or join a line', () => {
    const { body } = only('RUN a \\\n b');
    assert.deepEqual(body!.editInFile({ range: [0, 1], text: 'c' }), { range: [4, 5], text: 'c' });
    assert.equal(body!.editInFile({ range: [0, 1], text: 'c\nd' }), undefined);
    assert.equal(body!.editInFile({ range: [0, 1], text: 'c\\' }), undefined);
    assert.equal(body!.editInFile({ range: [0, 4], text: 'c' }), undefined);
  });

  it('says what Docker would refuse', () => {
    const cases: readonly (readonly [text: string, at: string, message: string])[] = [
      ['FORM a', 'FORM', 'FORM is not an instruction'],
      ['FROM', 'FROM', 'FROM has no arguments'],
      ['ENV A=b C', 'C', 'C has no ='],
      ['ENV A', 'A', 'ENV A has no value'],
      ['SHELL bash -c', 'bash -c', 'SHELL takes a JSON list of strings'],
      ['ONBUILD', 'ONBUILD', 'ONBUILD has no arguments'],
    ];
    for (const [text, at, message] of cases) {
      const { problems } = parse(text);
      assert.deepEqual(
        problems.map((problem) => [text.slice(...problem.range), problem.message]),
        [[at, message]],
      );
    }
    assert.deepEqual(parse(sample).problems, []);
  });

  it('unwraps ONBUILD', () => {
    const text = 'onbuild  copy a b';
    const found = only(text);
    assert.equal(found.keyword.value, 'COPY');
    assert.equal(text.slice(...found.keyword.range), 'copy');
    assert.equal(text.slice(...found.range), text);
    assert.equal(found.onbuild, true);
  });

  it('puts ranges where things are written, quotes included', () => {
    const text = 'FROM a\nENV A="b c" \\\n  D=e';
    const env = parse(text).instructions[1]!;
    const written = (value: Value) => text.slice(...value.range);
    assert.equal(text.slice(...env.range), 'ENV A="b c" \\\n  D=e');
    assert.deepEqual(env.args.map(written), ['A="b c"', 'D=e']);
    assert.deepEqual(
      env.assignments!.map((each) => written(each.name)),
      ['A', 'D'],
    );
    assert.deepEqual(
      env.assignments!.map((each) => written(each.value!)),
      ['"b c"', 'e'],
    );
  });

  it('splits as Docker does where the escape character is doubled or << is quoted', () => {
    const cases: readonly (readonly [text: string, count: number])[] = [
      ['COPY a C:\\\\a\\\\\nRUN b', 2],
      ['RUN sh -c "cat <<EOF"\nRUN b', 2],
      ['RUN cat <<E"O"F\na\nEOF\nRUN b', 2],
      ['RUN cat <<-A <<B\na\nA\n\tB\nB\nRUN b', 2],
      ['# a=b\n# escape=`\nRUN a `\nRUN b', 2],
    ];
    for (const [text, count] of cases) assert.equal(parse(text).instructions.length, count, text);
  });

  it('reads nothing from nothing', () => {
    for (const text of ['', '\n', '# a', '\ufeff', '\\', '\\\n', ' \t\r\n']) {
      assert.deepEqual(parse(text).instructions, [], JSON.stringify(text));
    }
  });

  for (const [name, text] of [
    ['LF', sample],
    ['CRLF', crlf(sample)],
    ['BOM', `\ufeff${sample}`],
  ] as const) {
    it(`maps every character (${name})`, () => {
      assert.equal(parse(text).instructions.length, 16);
      assertMapped(text);
    });

    it(`survives being cut anywhere (${name})`, () => {
      for (let end = 0; end < text.length; end += 5) {
        const cut = text.slice(0, end);
        const { instructions, problems } = parse(cut);
        const ranges = [...instructions.flatMap(rangesOf), ...problems.map((each) => each.range)];
        for (const [from, to] of ranges) {
          assert.ok(0 <= from && from <= to && to <= end, `${from}-${to} in ${end}`);
        }
        assertMapped(cut);
      }
    });
  }
});
