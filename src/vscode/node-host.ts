import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { catalog } from './catalog';
import type { Host } from './checker';
import type { GuardParts } from './guard-switch';
import type { LampParts } from './lamp-switch';
import { linterInThreads } from './linter-in-threads';
import { localFiles } from './local-files';
import { virtualFiles } from './virtual-files';

/** Two threads: one may be busy with the workspace while somebody types. */
const threads = Math.min(2, availableParallelism());
/** Then their memory is given back; the next check starts them again. */
const idleAfter = 10 * 60_000;

/** Where there is Node: on a desktop, or on the machine at the other end of a remote window. */
export function makeHost(extension: vscode.ExtensionContext): Host {
  const globs = catalog.formats.flatMap((format) => format.files);
  return {
    catalog,
    linter: linterInThreads({
      worker: join(extension.extensionPath, 'dist', 'engine.js'),
      size: threads,
      batch: 4,
      idleAfter,
    }),
    lamp: {
      isCheckout: (folder) => folder.scheme === 'file' && isCheckout(folder.fsPath),
      load(parts: LampParts) {
        const file = join(extension.extensionPath, 'dist', 'lamp.js');
        return (require(file) as typeof import('./lamp')).startLamp(parts);
      },
    },
    guard: {
      load(parts: GuardParts) {
        const file = join(extension.extensionPath, 'dist', 'guard.js');
        return (require(file) as typeof import('./guard')).startGuard(parts);
      },
    },
    files: (root) => (root.scheme === 'file' ? localFiles(root.fsPath) : virtualFiles(root, globs)),
    prove: {
      load() {
        const file = join(extension.extensionPath, 'dist', 'prove.js');
        return (require(file) as typeof import('./prove')).startProving();
      },
    },
  };
}

/** Whether a folder or one above it holds a `.git`, which in worktrees and submodules is a file. */
function isCheckout(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}
