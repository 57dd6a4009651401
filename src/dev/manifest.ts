// First of all: what follows imports it, and here there is none.
import './without-vscode';

import { engine } from '../catalog';
import { services } from '../pipeline/services';
import { commands } from '../vscode/commands';
import {
  capabilities,
  contributions,
  contributionTexts,
  named,
  type Text,
} from '../vscode/contributions';
import { lampSettings } from '../vscode/lamp-settings';
import { languages } from '../vscode/languages';
import { settings as lintSettings, type Setting, severities } from '../vscode/settings';

const settings = { ...lintSettings, ...lampSettings };

const commandText = (command: (typeof commands)[number]): Text => [
  `command.${command.id.replace(/^andon\./, '')}`,
  command.title,
];
const settingText = (name: string, setting: Setting): Text => [
  `setting.${name}`,
  setting.description,
];
const choiceText = (name: string, choice: string, english: string): Text => [
  `setting.${name}.${choice}`,
  english,
];

/** The parts of package.json that are made of the registries, by key. */
export function manifestParts(): Record<string, unknown> {
  return {
    icon: 'media/icon.png',
    l10n: './l10n',
    activationEvents: activationEvents(),
    capabilities: {
      ...capabilities,
      untrustedWorkspaces: {
        ...capabilities.untrustedWorkspaces,
        restrictedConfigurations: Object.entries<Setting>(settings).flatMap(([name, setting]) =>
          setting.restricted ? `andon.${name}` : [],
        ),
      },
    },
    contributes: {
      commands: commands.map((command) => ({
        command: command.id,
        category: 'Andon',
        title: named(commandText(command)),
        ...(command.icon && { icon: command.icon }),
      })),
      menus: menus(),
      configuration: { title: 'Andon', properties: properties() },
      ...contributions,
    },
  };
}

/** src/vscode/catalog.json: formats and rules as the editor knows them. */
export function catalogDescription(): unknown {
  return {
    formats: engine.formats.map(({ id, title, files }) => ({ id, title, files })),
    rules: engine.rules.map(
      ({ id, summary, why, concern, severity, recommended, options, on }) => ({
        ...{ id, summary, why, concern, severity, recommended },
        ...(options && { options }),
        on: { id: on.id },
      }),
    ),
  };
}

/** package.nls.json: the English texts that the manifest names. */
export function manifestTexts(): Record<string, string> {
  const texts: Text[] = [...commands.map(commandText), ...contributionTexts];
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    texts.push(settingText(name, setting));
    for (const [choice, english] of Object.entries(setting.choices ?? {})) {
      texts.push(choiceText(name, choice, english));
    }
  }
  return Object.fromEntries(texts);
}

/**
 * In a git checkout, and where something to check is open or lies in the workspace. JSON is left out: nearly every
 * folder has some, nearly
 * none of it is a manifest.
 */
function activationEvents(): readonly string[] {
  const globs = engine.formats.flatMap((format) => format.files).map(withoutJson);
  // What asks for any YAML file anyway needs no second search for some.
  const anyYaml = '**/*.{yaml,yml}';
  const narrower = (glob: string) =>
    glob !== anyYaml && glob.endsWith('.{yaml,yml}') && globs.includes(anyYaml);
  const contained = new Set(
    ['.andon.yaml', '.git', ...globs].filter((glob) => glob !== '' && !narrower(glob)),
  );
  return [
    ...languages.map((language) => `onLanguage:${language}`),
    ...[...contained].sort().map((glob) => `workspaceContains:${glob}`),
  ];
}

function withoutJson(glob: string): string {
  if (/\.json$/.test(glob)) return '';
  return glob.replace(/\{[^{}]*\}/g, (braces) => {
    const left = braces
      .slice(1, -1)
      .split(',')
      .filter((each) => each !== 'json');
    return left.length === 1 ? left[0]! : `{${left.sort().join(',')}}`;
  });
}

function menus(): Record<string, readonly unknown[]> {
  const places: Record<string, unknown[]> = {
    commandPalette: commands.flatMap(({ id, palette }) =>
      palette === undefined ? [] : [{ command: id, when: String(palette) }],
    ),
  };
  for (const { id, menus: own } of commands) {
    for (const [place, how] of Object.entries(own ?? {})) {
      places[place] ??= [];
      places[place].push({ command: id, ...how });
    }
  }
  return places;
}

function properties(): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [i, [name, setting]] of Object.entries<Setting>(settings).entries()) {
    const { type, default: fallback, scope, choices, schema, online } = setting;
    made[`andon.${name}`] = {
      type,
      default: fallback,
      scope,
      order: i + 1,
      markdownDescription: named(settingText(name, setting)),
      ...(online && { tags: ['usesOnlineServices'] }),
      ...(name === 'ci' ? withServices(schema) : schema),
      ...(choices && {
        enum: Object.keys(choices),
        markdownEnumDescriptions: Object.entries(choices).map(([choice, english]) =>
          named(choiceText(name, choice, english)),
        ),
      }),
      ...(name === 'rules' && { properties: rules(), additionalProperties: false }),
    };
  }
  return made;
}

/** Which services there are is known here; every window would carry them along otherwise. */
function withServices(schema: unknown): object {
  const text = JSON.stringify(schema);
  const ids = JSON.stringify(services.map(({ id }) => id));
  return JSON.parse(text.replace('"service":{', `"service":{"enum":${ids},`)) as object;
}

function rules(): Record<string, unknown> {
  const sorted = [...engine.rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  return Object.fromEntries(
    sorted.map((rule) => [
      rule.id,
      { type: 'string', enum: severities, description: `${rule.summary}.` },
    ]),
  );
}
