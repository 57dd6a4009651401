import { ruleScheme } from './rule-pages';

/** A text of the manifest: its key in package.nls.json and what it says in English. */
export type Text = readonly [key: string, english: string];

/** Marks where the manifest names a text. */
export const named = ([key]: Text): string => `%${key}%`;

const texts = {
  view: ['view.findings', 'Findings'],
  pipelineView: ['view.pipeline', 'Pipeline'],
  welcomePipeline: [
    'welcome.pipeline',
    'The state of the line is shown here for a git repository in a trusted workspace.\n[Refresh](command:andon.refreshStatus)',
  ],
  welcomeNone: [
    'welcome.none',
    'Nothing found so far.\n[Check Workspace](command:andon.checkWorkspace)\nAndon checks pipelines, containers and infrastructure as code: Dockerfiles, Compose, Kubernetes, Helm, Ansible, Terraform, shell scripts, GitHub Actions.',
  ],
  welcomeOff: [
    'welcome.off',
    'Andon is switched off in this workspace.\n[Enable](command:andon.enable)',
  ],
  welcomeEmpty: [
    'welcome.empty',
    'Open a folder to check its pipelines and infrastructure as code.\n[Open Folder](command:vscode.openFolder)',
  ],
  untrusted: [
    'trust.description',
    'Files are only read and checked; nothing in the workspace is run, and the state of the line is not asked for.',
  ],
  virtual: ['virtual.description', 'Files are checked as they are opened and listed.'],
  walkthrough: ['walkthrough.title', 'Get Started with Andon'],
  walkthroughAbout: [
    'walkthrough.description',
    'What goes wrong the second time, on the next machine, or after a failure.',
  ],
  findTitle: ['walkthrough.find.title', 'See what is found'],
  findText: [
    'walkthrough.find.description',
    'Findings show while you type, and for the whole workspace in the Findings view.\n[Check Workspace](command:andon.checkWorkspace)',
  ],
  findPicture: ['walkthrough.find.picture', 'The Findings view, with findings by concern and file'],
  fixTitle: ['walkthrough.fix.title', 'Fix it, or say why it is all right'],
  fixText: [
    'walkthrough.fix.description',
    'The light bulb fixes a finding, or writes an exception with its reason into the file. Every rule has a page that tells what goes wrong, and when.\n[Explain a Rule](command:andon.explainRule)',
  ],
  fixPicture: ['walkthrough.fix.picture', 'The light bulb menu of a finding'],
  teamTitle: ['walkthrough.team.title', 'Agree on it as a team'],
  teamText: [
    'walkthrough.team.description',
    'What `.andon.yaml` says holds in the editor and on the command line. A baseline accepts what is there, so that only what is new counts.\n[Open Configuration](command:andon.openConfiguration)\n[Create Baseline](command:andon.createBaseline)',
  ],
  teamPicture: ['walkthrough.team.picture', 'A configuration file with comments'],
} as const satisfies Record<string, Text>;

/** Texts named in what is contributed below. */
export const contributionTexts: readonly Text[] = Object.values(texts);

/** Scopes of YAML, under the names that extensions for kinds of YAML give it. */
const yamlScopes = ['source.yaml', 'source.github-actions-workflow', 'source.ansible'];
/** Those of HashiCorp's extension. */
const hclScopes = ['source.hcl', 'source.hcl.terraform'];
const otherScopes = ['source.dockerfile', 'source.groovy', 'source.ruby'];

/** Scopes of shell that stands inside other languages. */
const shell = {
  'meta.embedded.block.shell': 'shellscript',
  'meta.embedded.line.shell': 'shellscript',
};
const powershell = {
  'meta.embedded.block.powershell': 'powershell',
  'meta.embedded.line.powershell': 'powershell',
};

const grammar = (name: string, injectTo: readonly string[], embeddedLanguages?: object) => ({
  scopeName: `andon.${name}`,
  path: `./syntaxes/${name}.tmLanguage.json`,
  injectTo,
  ...(embeddedLanguages && { embeddedLanguages }),
});

const step = (id: string, title: Text, description: Text, picture: Text, done: string) => ({
  id,
  title: named(title),
  description: named(description),
  media: { svg: `media/${id}.svg`, altText: named(picture) },
  completionEvents: [done],
});

/** What the manifest contributes besides commands and settings. */
export const contributions = {
  viewsContainers: { activitybar: [{ id: 'andon', title: 'Andon', icon: 'media/andon.svg' }] },
  views: {
    andon: [
      { id: 'andon.pipeline', name: named(texts.pipelineView), icon: 'media/andon.svg' },
      { id: 'andon.findings', name: named(texts.view), icon: 'media/andon.svg' },
    ],
  },
  viewsWelcome: [
    { view: 'andon.pipeline', contents: named(texts.welcomePipeline) },
    {
      view: 'andon.findings',
      contents: named(texts.welcomeEmpty),
      when: 'workspaceFolderCount == 0',
    },
    {
      view: 'andon.findings',
      contents: named(texts.welcomeOff),
      when: 'workspaceFolderCount != 0 && !config.andon.enable',
    },
    {
      view: 'andon.findings',
      contents: named(texts.welcomeNone),
      when: 'workspaceFolderCount != 0 && config.andon.enable',
    },
  ],
  // The page of a rule is Markdown, and is to be read, not edited.
  configurationDefaults: {
    'workbench.editorAssociations': { [`${ruleScheme}:/**`]: 'vscode.markdown.preview.editor' },
  },
  jsonValidation: [{ fileMatch: ['.andon.yaml', '.andon.yml'], url: './schema/andon.schema.json' }],
  yamlValidation: [{ fileMatch: ['.andon.yaml', '.andon.yml'], url: './schema/andon.schema.json' }],
  grammars: [
    grammar('shell-in-yaml', ['source.yaml'], { ...shell, ...powershell }),
    grammar('ansible-in-yaml', ['source.yaml'], shell),
    grammar('script-in-yaml', ['source.yaml'], shell),
    grammar('shell-in-workflow', ['source.github-actions-workflow'], shell),
    grammar('shell-in-ansible', ['source.ansible'], shell),
    grammar('shell-in-dockerfile', ['source.dockerfile'], shell),
    grammar('shell-in-groovy', ['source.groovy'], shell),
    grammar('shell-in-hcl', hclScopes, shell),
    grammar('shell-in-ruby', ['source.ruby'], shell),
    grammar('in-shell', [...yamlScopes, ...hclScopes, ...otherScopes]),
    grammar('allow-comment', [
      ...yamlScopes,
      ...hclScopes,
      ...otherScopes,
      'source.shell',
      'source.terraform',
    ]),
  ],
  walkthroughs: [
    {
      id: 'start',
      title: named(texts.walkthrough),
      description: named(texts.walkthroughAbout),
      steps: [
        step(
          'find',
          texts.findTitle,
          texts.findText,
          texts.findPicture,
          'onCommand:andon.checkWorkspace',
        ),
        step('fix', texts.fixTitle, texts.fixText, texts.fixPicture, 'onCommand:andon.explainRule'),
        step(
          'team',
          texts.teamTitle,
          texts.teamText,
          texts.teamPicture,
          'onCommand:andon.openConfiguration',
        ),
      ],
    },
  ],
};

/** What Andon can do where, and in whose workspaces. */
export const capabilities = {
  untrustedWorkspaces: { supported: 'limited', description: named(texts.untrusted) },
  virtualWorkspaces: { supported: true, description: named(texts.virtual) },
};
