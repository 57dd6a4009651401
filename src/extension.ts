// First of all, so that loading the rest is measured too.
import './vscode/begun';

import type * as vscode from 'vscode';
import { type AndonApi, activate as activateWith } from './vscode/activate';
import { begun } from './vscode/begun';

const inNode = typeof process === 'object' && process.versions?.node !== undefined;

/**
 * The extension, on a desktop, at the other end of a remote window and in a browser: one bundle for all, in which
 * only that host is loaded that the machine at hand can run.
 */
export function activate(extension: vscode.ExtensionContext): AndonApi {
  const makeHost = () => {
    const made = inNode
      ? (require('./vscode/node-host') as typeof import('./vscode/node-host'))
      : (require('./vscode/web-host') as typeof import('./vscode/web-host'));
    return made.makeHost(extension);
  };
  return activateWith(extension, makeHost, loading);
}

const loading = performance.now() - begun;
