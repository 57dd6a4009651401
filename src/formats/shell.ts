import {
  type Document,
  defineFormat,
  type Embedded,
  embed,
  type Probe,
  type Visit,
} from '../engine/format';
import type { Part } from '../engine/part';
import { parseShell, type Redirect } from '../syntax/shell';
import type { Located } from '../text/range';
import type { Source } from '../text/source';
import { folderOf, linksOf } from './delivery';
import { scriptsRun, valuesSet } from './shell-callers';
import { type Command, type Script, type ShellFacts, scriptModel } from './shell-model';

export type { Command, Fallback, Guard, Script, ShellFacts, ShellUse } from './shell-model';

/** A redirection with the command it belongs to. */
export type ShellRedirect = Redirect & { readonly command: Command };

export type ShellNodes = {
  script: Script;
  command: Command;
  redirect: ShellRedirect;
};

export interface ShellDocument extends Document<ShellNodes> {
  readonly script: Script;
}

/** The interpreter of `#!/bin/sh -e`, `#!/usr/bin/env -S bash -e`, and what stands behind it. */
const shebang = /^#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*(?:\w+=\S*\s+)*(?:\S*\/)?)?(\w+)([^\r\n]*)/;

/** Names under which scripts set up a machine, by convention of the people who write them. */
const provisioning =
  /(?:^|[-_./])(?:provision|bootstrap|setup|install|init(?!iat)|configure|deploy|harden|user-?data|postinst|upgrade)/i;

/** Folders and names of scripts that build an image or run at a machine's first start: it is new each time. */
const onFreshMachine =
  /(?:^|[/_.-])(?:packer|provisioners|docker|dockerfiles|containers?|containerfiles|images?|iso|rootfs|ami|cloud-?init|user-?data|kickstart|preseed|autoinstall|devcontainer|pkrtpl)(?:[/_.-]|$)/i;

/**
 * Variables only a job of a CI service has: of GitLab (https://docs.gitlab.com/ci/variables/predefined_variables/),
 * GitHub (https://docs.github.com/en/actions/reference/workflows-and-actions/variables), CircleCI
 * (https://circleci.com/docs/reference/variables/).
 */
const ofJob =
  /\$\{?(?:CI_(?:COMMIT_\w+|JOB_\w+|PIPELINE_\w+|PROJECT_(?:DIR|ID|NAME|PATH|URL)|REPOSITORY_URL)|GITHUB_(?:ENV|EVENT_\w+|OUTPUT|REF|REF_NAME|RUN_\w+|SHA|WORKSPACE)|CIRCLE_(?:BRANCH|BUILD_NUM|SHA1|TAG))\b/;

/** Shell: a script file, or the text of a `RUN`, `run:`, `script:` and the like. */
export const shell = defineFormat<ShellNodes, ShellFacts>({
  id: 'shell',
  title: 'Shell script',
  files: ['**/*.{sh,bash,ash,dash}', '**/*.bats'],
  nodes: ['script', 'command', 'redirect'],

  recognises(file) {
    if (/\.(sh|bash|ash|dash)$/.test(file.name)) return 'by-name';
    if (file.languageId === 'shellscript' && !/\.(zsh|fish|csh|ksh)$/.test(file.name))
      return 'by-name';
    const interpreter = shebang.exec(file.firstLine())?.[1];
    return interpreter && /^(sh|bash|dash|ash)$/.test(interpreter) ? 'by-content' : undefined;
  },

  alone(file) {
    return fileFacts(file);
  },

  parse(source, facts) {
    return shellDocument(source, facts);
  },
});

/** A script file on its own: errexit from its first line, the machine from the configuration or from where it stands. */
function fileFacts(file: Probe): ShellFacts {
  const first = firstLineFacts(file.firstLine());
  return {
    ...first,
    dialect: first.dialect === 'bash' || file.name.endsWith('.bash') ? 'bash' : 'sh',
    machine:
      file.machine ??
      (onFreshMachine.test(file.path) || ofJob.test(file.text) ? 'fresh' : undefined),
    use: provisioning.test(file.path) ? 'provisioning' : 'script',
  };
}

/**
 * How the first line of a text has it run: in which dialect (`sh` where it names no interpreter, `other` where it names
 * one that is no shell we read), with errexit, with pipefail.
 */
export function firstLineFacts(
  text: string,
): Pick<ShellFacts, 'dialect' | 'stopsOnError' | 'pipefail'> {
  const start = text.trimStart();
  const first = shebang.exec(start);
  const flags = first?.[2] ?? '';
  const known = first ? /^(?:ba|da|a)?sh$/.test(first[1]!) : !start.startsWith('#!');
  return {
    dialect: !known ? 'other' : first?.[1] === 'bash' ? 'bash' : 'sh',
    stopsOnError: /\s-\w*e/.test(flags),
    pipefail: /pipefail/.test(flags),
  };
}

/** A script in a host, parsed once however often it is asked for. */
export function embedShell(
  source: Source,
  facts: ShellFacts,
  host: Located,
): Omit<Embedded, 'parse'> & { parse(): ShellDocument } {
  let document: ShellDocument | undefined;
  return {
    format: shell,
    host,
    parse: () => {
      document ??= shellDocument(source, facts);
      return document;
    },
  };
}

/** Commands that read a script from their standard input or from `-c`. */
const shells = new Set(['sh', 'bash', 'dash', 'ash']);

function shellDocument(source: Source, facts: ShellFacts): ShellDocument {
  const syntax = parseShell(source.text);
  const script = scriptModel(source.text, syntax, facts);
  let embedded: readonly Embedded[] | undefined;
  return {
    source,
    script,
    // A tolerant parser's objections to exotic shell are no news to the author.
    problems: [],
    get embedded() {
      embedded ??= [...scriptsIn(source, script)];
      return embedded;
    },
    get facts() {
      return [...scriptsRun(script), ...valuesSet(script)];
    },
    get parts(): readonly Part[] {
      return [
        {
          kind: 'script',
          name: '',
          links: linksOf(this, { own: folderOf(source.path) }),
          range: [0, 0],
        },
      ];
    },
    *walk(): Iterable<Visit<ShellNodes>> {
      yield ['script', script];
      for (const command of script.commands) {
        yield ['command', command];
        for (const redirect of command.redirects) yield ['redirect', { ...redirect, command }];
      }
    },
  };
}

/** `sh -c '…'`, `ssh host '…'` and here-documents fed to a shell. */
function* scriptsIn(source: Source, script: Script): Iterable<Embedded> {
  for (const command of script.commands) {
    const { name } = command;
    if (name === undefined) continue;
    const isShell = shells.has(name);
    const isSsh = name === 'ssh';
    const isSu = name === 'su' || name === 'runuser';
    if (!isShell && !isSsh && !isSu) continue;
    const directory = isShell ? script.directoryOf(command) : undefined;
    const inner: ShellFacts = {
      dialect: name === 'bash' ? 'bash' : 'sh',
      stopsOnError: isShell && command.has('-e'),
      pipefail: command.args.some((arg) => arg.value === 'pipefail'),
      machine: isSsh ? 'lasting' : script.machine,
      use: isSsh ? 'provisioning' : script.use,
      ...((isSsh || script.remote) && { remote: true }),
      ...(directory !== undefined && { directory }),
    };
    const text = isSu ? command.option('-c', '--command') : undefined;
    const given = isSsh
      ? command.operands.slice(1)
      : isSu
        ? text
          ? [text]
          : []
        : command.has('-c')
          ? command.operands.slice(0, 1)
          : [];
    if (isSu && !text) continue;
    if (given.length === 1) {
      const word = given[0]!;
      const [part] = word.parts;
      const inside = [word.range[0] + 1, word.range[1] - 1] as const;
      const literal = word.parts.length === 1 && part?.kind === 'literal' && part.quoted;
      if (literal && source.text.slice(...inside) === word.value) {
        yield embed(shell, source.slice(inside), inner, word);
      }
      continue;
    }
    const document = command.redirects.find((redirect) => redirect.heredoc)?.heredoc;
    const readsInput = isSsh ? given.length === 0 : command.operands.length === 0;
    if (document && readsInput && !document.stripTabs) {
      yield embed(shell, source.slice(document.body), inner, document);
    }
  }
}
