import assert from 'node:assert/strict';
import { type Document, probe } from '../src/engine/format';
import { buildspec } from '../src/formats/buildspec';
import { cloudFormation } from '../src/formats/cloudformation';
import type { ShellDocument } from '../src/formats/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { Source } from '../src/text/source';
import './grammars';

const read = (text: string) => cloudFormation.parse(Source.file('stack.yaml', text));
/** The scripts of a document, those of documents in it too. */
function scripts(document: Document<any>): readonly ShellDocument[] {
  return document.embedded.flatMap((piece) => {
    const inner = piece.parse();
    return piece.format.id === 'shell' ? [inner as ShellDocument] : scripts(inner);
  });
}
const instance = (data: string) =>
  `Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      UserData:\n${data.replace(/^/gm, '        ')}\n`;

describe('CloudFormation', () => {
  before(() => loadGrammar('bash'));

  it('is recognised by its resources', () => {
    const claim = (path: string, text: string) => cloudFormation.recognises(probe(path, text));
    const template = 'AWSTemplateFormatVersion: "2010-09-09"\nResources: {}\n';
    assert.equal(claim('x.yaml', template), 'by-content');
    assert.equal(claim('x.template', template), 'by-content');
    assert.equal(claim('x.yml', 'Resources:\n  A:\n    Type: AWS::S3::Bucket\n'), 'by-content');
    assert.equal(
      claim('x.json', '{\n  "Resources": { "A": { "Type": "AWS::S3::Bucket" } }\n}'),
      'by-content',
    );
    assert.equal(claim('x.yaml', 'Resources:\n  - cpu\n'), undefined);
    assert.equal(claim('x.txt', template), undefined);
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
  const texts: readonly [what: string, data: string, expected: string][] = [
    [
      'Fn::Base64 and !Sub',
      'Fn::Base64: !Sub |\n  #!/bin/sh\n  echo ${AWS::Region} ${!HOME}\n',
      '#!/bin/sh\necho ______________ ${HOME}\n',
    ],
    ['!Base64 alone', '!Base64 "#!/bin/sh\\necho ${HOME}"', '#!/bin/sh\necho ${HOME}'],
    [
      'Fn::Sub with values',
      'Fn::Base64:\n  Fn::Sub:\n    - "#!/bin/sh\\necho ${A}"\n    - A: x\n',
      '#!/bin/sh\necho ____',
    ],
    [
      '!Join',
      'Fn::Base64: !Join\n  - "\\n"\n  - - "#!/bin/sh"\n    - !Ref Command\n    - echo done\n',
      '#!/bin/sh\n____\necho done',
    ],
  ];
  for (const [what, data, expected] of texts) {
    it(`reads user data written with ${what}`, () => {
      const text = instance(data);
      const [script] = scripts(read(text));
      assert.equal(script!.source.text, expected);
      assert.equal(script!.script.machine, 'fresh');
      const at = expected.indexOf('echo');
      const place = script!.source.toFile([at, at + 4])!;
      assert.equal(text.slice(...place.range), 'echo');
      assert.ok(place.exact);
    });
  }

  it('reads JSON with Fn::Join, whose parts are written back one by one', () => {
    const text = JSON.stringify(
      {
        Resources: {
          Web: {
            Type: 'AWS::EC2::Instance',
            Properties: {
              UserData: {
                'Fn::Base64': {
                  'Fn::Join': ['', ['#!/bin/bash -e\n', 'curl -o a ', { Ref: 'Url' }, '\n']],
                },
              },
            },
          },
        },
      },
      null,
      2,
    );
    const [script] = scripts(read(text));
    assert.equal(script!.source.text, '#!/bin/bash -e\ncurl -o a ____\n');
    assert.equal(script!.script.stopsOnError, true);
    const at = script!.source.text.indexOf('curl') + 4;
    const edit = script!.source.editInFile({ range: [at, at], text: ' -f' });
    assert.deepEqual(edit, {
      range: [text.indexOf('curl') + 4, text.indexOf('curl') + 4],
      text: ' -f',
    });
  });

  it('cloud-config, PowerShell and what is not known', () => {
    const kinds = (data: string) => read(instance(data)).embedded.map((piece) => piece.format.id);
    assert.deepEqual(kinds('Fn::Base64: |\n  #cloud-config\n  runcmd: [x]'), ['cloud-init']);
    assert.deepEqual(kinds('Fn::Base64: |\n  <powershell>\n  x'), []);
    assert.deepEqual(kinds('!Ref Data'), []);
  });

  it('commands of cfn-init run one by one, again where cfn-hup watches', () => {
    const template = (more = '') => `Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        configSets: { default: [one] }
        one:
          files:
            /opt/x.sh: { content: "#!/bin/bash\\ntrue" }
            /etc/motd: { content: hello }
          commands:
            01_a: { command: !Sub "echo \${A}" }
            02_b: { command: b, test: c }
${more}`;
    const found = scripts(read(template()));
    assert.deepEqual(
      found.map(({ source, script }) => [source.text, script.machine, script.guarded ?? false]),
      [
        ['#!/bin/bash\ntrue', undefined, false],
        ['echo ____', 'fresh', false],
        ['b', 'fresh', true],
      ],
    );
    const again = scripts(read(template('            03_hup: { command: cfn-hup }\n')));
    assert.equal(again[1]!.script.machine, 'lasting');
  });

  it('a build specification runs in one shell, and several lines of one command by their last', () => {
    const spec = (commands: string, head = '') =>
      scripts(
        buildspec.parse(
          Source.file(
            'buildspec.yml',
            `version: 0.2\n${head}phases:\n  build:\n    commands:\n${commands}`,
          ),
        ),
      )[0]!;
    const plain = spec('      - cd a\n      - make\n');
    assert.equal(plain.source.text, 'cd a\nmake\n');
    assert.equal(plain.script.stopsOnError, true);
    assert.equal(plain.script.dialect, 'sh');
    assert.equal(spec('      - |\n        a\n        b\n').script.stopsOnError, false);
    assert.equal(spec('      - a\n', 'env: { shell: bash }\n').script.dialect, 'bash');
    const inStack = read(
      'Resources:\n  B:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n        BuildSpec: |\n          version: 0.2\n          phases:\n            build:\n              commands:\n                - make\n',
    );
    assert.deepEqual(
      scripts(inStack).map(({ source }) => source.text),
      ['make\n'],
    );
  });

  it('what is broken or has another shape is read as far as it goes', () => {
    for (const text of [
      '',
      '[]',
      'Resources: []',
      'Resources:\n  A: 1\n  B: { Type: [x] }\n',
      instance('Fn::Base64: !Join [x]'),
      instance('Fn::Base64: !Join ["", [!Ref A]]'),
      instance('Fn::Base64: !Sub [{'),
      'Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties: { ContainerDefinitions: [1, {Image: }] }\n',
    ]) {
      const document = read(text);
      scripts(document);
      [...document.walk()];
    }
  });
});
