import * as vscode from 'vscode';
import type { Lack } from '../../node/prove/sandbox';
import type { Aspect, Change } from '../../prove/compare';
import type { ObstacleKind } from '../../prove/obstacle';
import type { Doubt, Run, Verdict } from '../../prove/proof';
import type { Entry } from '../../prove/snapshot';

/** A verdict as the heading of its document says it. */
export function verdictText(verdict: Verdict): string {
  const { l10n } = vscode;
  switch (verdict) {
    case 'idempotent':
      return l10n.t('idempotent: run again it changed nothing');
    case 'fails-on-rerun':
      return l10n.t('not idempotent: it fails when run again');
    case 'changes-on-rerun':
      return l10n.t('not idempotent: run again it changed something');
    case 'cannot-tell':
      return l10n.t('cannot tell');
  }
}

function obstacleText(kind: ObstacleKind): string {
  const { l10n } = vscode;
  switch (kind) {
    case 'network':
      return l10n.t('It needs the network, which the sandbox does not have.');
    case 'command':
      return l10n.t('A command is not installed on this machine.');
    case 'service-manager':
      return l10n.t('It talks to systemd, which does not run in the sandbox.');
    case 'daemon':
      return l10n.t('It talks to a service that does not run in the sandbox.');
    case 'rights':
      return l10n.t('It does what takes more rights than the sandbox has.');
    case 'space':
      return l10n.t('The space of the sandbox is used up.');
    case 'processes':
      return l10n.t('It starts more processes than the sandbox allows.');
  }
}

/** Why nothing can be said. */
export function doubtText(doubt: Doubt): string {
  const { l10n } = vscode;
  switch (doubt.kind) {
    case 'first-run-failed': {
      const failed = l10n.t(
        'The first run fails with exit code {0}, and says nothing of a second one.',
        doubt.code,
      );
      return doubt.obstacle ? `${failed} ${obstacleText(doubt.obstacle.kind)}` : failed;
    }
    case 'limit':
      return doubt.limit === 'time'
        ? l10n.t('Run {0} did not end within the time limit.', doubt.run)
        : l10n.t('Run {0} took more memory than the sandbox allows.', doubt.run);
    case 'lost':
      return l10n.t('Run {0} ended the sandbox itself.', doubt.run);
    case 'obstacle':
      return `${l10n.t('A part of run {0} failed.', doubt.run)} ${obstacleText(doubt.obstacle.kind)}`;
  }
}

/** How a run ended, for a cell of a table. */
export function endingText({ ending }: Run): string {
  const { l10n } = vscode;
  if (ending.kind === 'exit') return l10n.t('exit code {0}', ending.code);
  if (ending.kind === 'lost') return l10n.t('ended the sandbox');
  return ending.limit === 'time' ? l10n.t('stopped: too long') : l10n.t('stopped: too much memory');
}

/** What is missing for a sandbox, and what can be done about it. */
export function lackText(lack: Lack): string {
  const { l10n } = vscode;
  const image = l10n.t(
    'With podman or docker, name an image that is on this machine in the setting "andon.proveImage".',
  );
  switch (lack.kind) {
    case 'platform':
      return `${
        lack.platform === 'win32'
          ? l10n.t('Without a container it takes Linux; open the folder in WSL 2.')
          : l10n.t('Without a container it takes Linux.')
      } ${image}`;
    case 'programs':
      return `${l10n.t(
        'Programs are not installed: {0} (packages bubblewrap, fuse-overlayfs, util-linux).',
        lack.missing.join(', '),
      )} ${image}`;
    case 'fuse':
      return `${l10n.t('/dev/fuse is not there or not open to this user.')} ${image}`;
    case 'user-namespaces':
      return `${
        lack.apparmor
          ? l10n.t('AppArmor refuses user namespaces to this user.')
          : l10n.t('This system refuses user namespaces to this user, as most containers do.')
      } ${image}`;
    case 'engine':
      return l10n.t(
        'The setting "andon.proveImage" takes podman or docker, and neither is here or answers.',
      );
    case 'image':
      return l10n.t(
        '{0} has no image "{1}" on this machine, and nothing is downloaded.',
        lack.engine,
        lack.image,
      );
    case 'failed':
      return l10n.t('It could not be set up: {0}', lack.detail);
  }
}

/** What happened to a path, beside its sign. */
export function changeText({ was, is, aspects }: Change): string {
  if (aspects.length > 0) return aspects.map((aspect) => aspectText(aspect, was, is)).join(', ');
  return kindText(is.kind === 'gone' ? was : is);
}

function kindText(entry: Entry): string {
  const { l10n } = vscode;
  switch (entry.kind) {
    case 'file':
      return l10n.t('file, {0} bytes', entry.size);
    case 'directory':
      return l10n.t('folder');
    case 'link':
      return l10n.t('link to {0}', entry.target);
    case 'special':
      return entry.what;
    case 'gone':
      return l10n.t('nothing');
  }
}

function aspectText(aspect: Aspect, was: Entry, is: Entry): string {
  const { l10n } = vscode;
  const octal = (entry: Entry) => ('mode' in entry ? entry.mode.toString(8).padStart(4, '0') : '');
  switch (aspect) {
    case 'content':
      return l10n.t('content');
    case 'mode':
      return l10n.t('mode {0} to {1}', octal(was), octal(is));
    case 'owner':
      return l10n.t('owner');
    case 'target':
    case 'type':
      return l10n.t('now: {0}', kindText(is));
    case 'emptied':
      return l10n.t('emptied and filled anew');
  }
}
