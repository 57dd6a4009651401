import * as vscode from 'vscode';
import { withTrailer } from '../../guard/commit-message';
import { GitError, git } from '../../node/git';
import type { GuardedRepository } from './guarded-repository';
import { fixedWhat } from './red-words';

/**
 * Puts the revert of the commit that turned the line red into the index and its message into the box. It is looked at
 * and committed by the user, or undone as any staged change.
 */
export async function prepareRevert(repository: GuardedRepository): Promise<void> {
  const { l10n, window, commands } = vscode;
  const { line, place } = repository;
  const sha = line?.firstBad;
  if (line?.state !== 'failing' || !sha) {
    void window.showInformationMessage(
      l10n.t('Andon: the build is not red, or nobody knows which commit turned it red.'),
    );
    return;
  }
  try {
    const head = 'HEAD';
    await git(place.top, 'merge-base', '--is-ancestor', sha, head).catch(() => {
      const short = sha.slice(0, 7);
      throw new GitError(l10n.t('commit {0} is not in your branch; pull first', short));
    });
    const about = await git(place.top, 'log', '-1', '--format=%P%n%s', sha);
    const [parents = '', subject = ''] = about.split('\n');
    const mainline = parents.includes(' ') ? ['-m', '1'] : [];
    await git(place.top, 'revert', '--no-commit', ...mainline, sha);
    const text = `Revert "${subject}"\n\nThis reverts commit ${sha}.\n`;
    repository.git.inputBox.value = withTrailer(text, 'Fixes-Build', fixedWhat(line), false);
    await commands.executeCommand('workbench.view.scm');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(l10n.t('Andon: the revert could not be prepared: {0}', reason));
  }
}
