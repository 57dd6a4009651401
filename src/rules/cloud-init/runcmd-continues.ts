import { defineRule, type Fix } from '../../engine/rule';
import { say } from '../../engine/said';
import { type BootCommands, cloudInit } from '../../formats/cloud-init';
import type { Command } from '../../formats/shell';
import type { CommandClass } from '../../formats/shell-commands';

/** What the machine is there for: without it the rest of the script builds on nothing. */
const matters: ReadonlySet<CommandClass | undefined> = new Set<CommandClass>([
  'build',
  'deploy',
  'fetch',
  'install',
  'migrate',
]);

/** What only shows or asks needs nothing that came before. */
const harmless: ReadonlySet<CommandClass | undefined> = new Set<CommandClass>([
  'notify',
  'print',
  'probe',
  'read',
]);

/** What a package manager does that builds on nothing in particular. */
const upkeep = new Set(['autoremove', 'clean', 'dist-upgrade', 'update', 'upgrade']);

/** Ends the boot rather than building on what came before. */
const endsBoot = new Set(['reboot', 'shutdown', 'poweroff', 'halt']);

export default defineRule({
  id: 'cloud-init/runcmd-continues',
  on: cloudInit,
  summary: 'The first boot goes on after a command has failed',
  why: 'cloud-init runs the lines of runcmd as one script without errexit: when a download or an installation fails, the next lines run on a half-made machine, and the boot counts as good if only the last of them succeeds.',
  concern: 'failure',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',

  create: ({ document, report }) => ({
    commands(commands) {
      if (commands.when !== 'first boot' || reports(commands)) return;
      const all = commands.script.commands;
      const failing = all.find(
        (each) => goesUnseen(each) && all.some((next) => builds(next, each)),
      );
      if (!failing) return;
      report({
        at: commands.key,
        message: say`runcmd goes on when "${words(failing)}" fails, and only its last line tells cloud-init of it`,
        ...withFix(stopAtOnce(commands, document.source.text)),
      });
    },
  }),
});

const withFix = (fix: Fix | undefined) => (fix ? { fix } : {});

/** The machine itself tells somebody that it came up, or what became of it. */
const reports = ({ config, text }: BootCommands): boolean =>
  config.entry('phone_home') !== undefined || /\bcfn-signal\b|\btrap\b/.test(text);

/** A failure inside a pipe is lost even with errexit, and an index that is not renewed is met by the installation. */
function goesUnseen(command: Command): boolean {
  return (
    matters.has(command.class) &&
    command.stage === command.pipeline.length - 1 &&
    !isUpkeep(command) &&
    !command.stopsOnError &&
    !command.tested &&
    !command.substituted &&
    !command.background &&
    command.fallbacks.length === 0
  );
}

/** A later step that does something. */
function builds(next: Command, failed: Command): boolean {
  return (
    next.step > failed.step &&
    next.inFunction === undefined &&
    next.name !== undefined &&
    !harmless.has(next.class) &&
    !endsBoot.has(next.name) &&
    !isUpkeep(next)
  );
}

const isUpkeep = (command: Command): boolean => upkeep.has(command.operands[0]?.value ?? '');

/** The command and its first words, as far as they are short. */
function words(command: Command): string {
  const said = [command.name, ...command.operands.slice(0, 2).map((each) => each.value ?? '…')];
  const text = said.join(' ');
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}

/** `- set -e` before the first item: all of them are lines of one script. */
function stopAtOnce({ items }: BootCommands, text: string): Fix | undefined {
  const at = items[0]?.range[0];
  if (at === undefined) return undefined;
  const dash = /(?:^|\n)([ \t]*-[ \t]+)$/.exec(text.slice(0, at))?.[1];
  if (dash === undefined) return undefined;
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return {
    title: 'Stop at the first failure: set -e',
    safe: false,
    edits: [{ range: [at, at], text: `set -e${lineBreak}${dash}` }],
  };
}
