import * as vscode from 'vscode';

/** The words of the picture in the user's language; see Words in src/map-view. */
export function mapWords() {
  const { l10n } = vscode;
  return {
    kinds: {
      chart: l10n.t('chart'),
      configuration: l10n.t('configuration'),
      development: l10n.t('development'),
      hooks: l10n.t('hooks'),
      image: l10n.t('image'),
      job: l10n.t('job'),
      machine: l10n.t('machine'),
      module: l10n.t('module'),
      pipeline: l10n.t('pipeline'),
      playbook: l10n.t('playbook'),
      recipe: l10n.t('Dockerfile'),
      script: l10n.t('script'),
      stack: l10n.t('stack'),
      task: l10n.t('task'),
      template: l10n.t('machine image'),
      workload: l10n.t('workload'),
    },
    verbs: {
      builds: l10n.t('builds'),
      deploys: l10n.t('deploys'),
      follows: l10n.t('then'),
      lints: l10n.t('lints'),
      migrates: l10n.t('migrates'),
      notifies: l10n.t('notifies'),
      publishes: l10n.t('publishes'),
      runs: l10n.t('runs'),
      scans: l10n.t('scans'),
      tests: l10n.t('tests'),
      uses: l10n.t('uses'),
    },
    unreached: l10n.t('no pipeline leads here'),
    empty: l10n.t('Nothing was found here that builds, deploys or runs.'),
    map: l10n.t('Delivery Map'),
  };
}
