import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../../package.json';
import { andon } from './workspace';

describe('activation', () => {
  it('takes little time of its own', async () => {
    const { activation } = await andon();
    console.log(`     activated in ${activation.toFixed(1)} ms`);
    // The bar is 30 ms; machines that run tests have other things to do at the same time.
    assert.ok(activation < 150, `${activation} ms`);
  });

  it('registers every command the manifest names', async () => {
    await andon();
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) {
      assert.ok(known.has(command), command);
    }
  });

  it('declares no language', () => {
    assert.equal('languages' in manifest.contributes, false);
  });
});
