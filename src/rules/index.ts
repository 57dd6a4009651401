import type { Rule } from '../engine/rule';
import alertmanagerBlackhole from './alertmanager/blackhole';
import ansibleCommandAlwaysChanged from './ansible/command-always-changed';
import ansibleCreatesMissing from './ansible/creates-missing';
import ansibleFailureSwallowed from './ansible/failure-swallowed';
import ansiblePackageLatest from './ansible/package-latest';
import ansibleRestartEveryRun from './ansible/restart-every-run';
import azurePipelinesBashNoErrexit from './azure-pipelines/bash-no-errexit';
import azurePipelinesContinueOnError from './azure-pipelines/continue-on-error';
import chefExecuteNoGuard from './chef/execute-no-guard';
import chefFailureIgnored from './chef/failure-ignored';
import chefGuardAlwaysTrue from './chef/guard-always-true';
import composeHealthyWithoutHealthcheck from './compose/healthy-without-healthcheck';
import composeImageFloatingTag from './compose/image-floating-tag';
import composeStatefulNoVolume from './compose/stateful-no-volume';
import dockerfileArgFloatingBase from './dockerfile/arg-floating-base';
import dockerfileFromFloatingTag from './dockerfile/from-floating-tag';
import dockerfileHeredocNoErrexit from './dockerfile/heredoc-no-errexit';
import flagsExpired from './flags/expired';
import flagsNoExpiry from './flags/no-expiry';
import githubActionsContinueOnError from './github-actions/continue-on-error';
import githubActionsDeployIfAlways from './github-actions/deploy-if-always';
import githubActionsDeployWithoutTests from './github-actions/deploy-without-tests';
import githubActionsPipeNoPipefail from './github-actions/pipe-no-pipefail';
import githubActionsUsesMutableRef from './github-actions/uses-mutable-ref';
import gitlabCiAllowFailure from './gitlab-ci/allow-failure';
import gitlabCiDeployWhenAlways from './gitlab-ci/deploy-when-always';
import gitlabCiImageFloating from './gitlab-ci/image-floating';
import gitlabCiNeedsSkipsTests from './gitlab-ci/needs-skips-tests';
import gitlabCiOptionalGate from './gitlab-ci/optional-gate';
import grafanaDashboardNotReimportable from './grafana/dashboard-not-reimportable';
import grafanaPanelNoDescription from './grafana/panel-no-description';
import helmRandomOnRender from './helm/random-on-render';
import jenkinsDeployAlways from './jenkins/deploy-always';
import jenkinsFailureCaught from './jenkins/failure-caught';
import jenkinsImageFloating from './jenkins/image-floating';
import jenkinsLibraryUnpinned from './jenkins/library-unpinned';
import jenkinsNoFailureNotification from './jenkins/no-failure-notification';
import jenkinsPipeNoPipefail from './jenkins/pipe-no-pipefail';
import jenkinsShebangNoErrexit from './jenkins/shebang-no-errexit';
import kubernetesDatabaseWithoutVolume from './kubernetes/database-without-volume';
import kubernetesDeploymentWithRwoClaim from './kubernetes/deployment-with-rwo-claim';
import kubernetesImageFloatingTag from './kubernetes/image-floating-tag';
import kubernetesInstallAtStartup from './kubernetes/install-at-startup';
import kubernetesNoReadinessProbe from './kubernetes/no-readiness-probe';
import kubernetesReplicasWithHpa from './kubernetes/replicas-with-hpa';
import prometheusAlertFlappingOrDead from './prometheus/alert-flapping-or-dead';
import prometheusAlertNoPurpose from './prometheus/alert-no-purpose';
import prometheusAlertNoSeverity from './prometheus/alert-no-severity';
import puppetExecNotIdempotent from './puppet/exec-not-idempotent';
import puppetPackageLatest from './puppet/package-latest';
import puppetfileModuleUnpinned from './puppetfile/module-unpinned';
import shellAppendNotIdempotent from './shell/append-not-idempotent';
import shellAsksOnRerun from './shell/asks-on-rerun';
import shellBackupLostOnRerun from './shell/backup-lost-on-rerun';
import shellCreateNotIdempotent from './shell/create-not-idempotent';
import shellCurlNoFail from './shell/curl-no-fail';
import shellDiffersEachRun from './shell/differs-each-run';
import shellErrorSwallowed from './shell/error-swallowed';
import shellFailsOnRerun from './shell/fails-on-rerun';
import shellLockfileNotEnforced from './shell/lockfile-not-enforced';
import shellMutatesRunningContainer from './shell/mutates-running-container';
import shellNewSaltEachRun from './shell/new-salt-each-run';
import shellOneMoreEachRun from './shell/one-more-each-run';
import shellRemoveNotIdempotent from './shell/remove-not-idempotent';
import shellRenewedEachRun from './shell/renewed-each-run';
import shellRewriteNotIdempotent from './shell/rewrite-not-idempotent';
import shellTestFailureIgnored from './shell/test-failure-ignored';
import shellUnprotectingGuard from './shell/unprotecting-guard';
import shellUnseenFailureOnRerun from './shell/unseen-failure-on-rerun';
import terraformAlarmWithoutPurpose from './terraform/alarm-without-purpose';
import terraformModuleUnpinned from './terraform/module-unpinned';
import terraformNeverConverges from './terraform/never-converges';
import vagrantBoxUnpinned from './vagrant/box-unpinned';
import workspaceAnsibleNotTested from './workspace/ansible-not-tested';
import workspaceDockerfileNotBuilt from './workspace/dockerfile-not-built';
import workspaceTerraformNotValidated from './workspace/terraform-not-validated';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  alertmanagerBlackhole,
  ansibleCommandAlwaysChanged,
  ansibleCreatesMissing,
  ansibleFailureSwallowed,
  ansiblePackageLatest,
  ansibleRestartEveryRun,
  azurePipelinesBashNoErrexit,
  azurePipelinesContinueOnError,
  chefExecuteNoGuard,
  chefFailureIgnored,
  chefGuardAlwaysTrue,
  composeHealthyWithoutHealthcheck,
  composeImageFloatingTag,
  composeStatefulNoVolume,
  dockerfileArgFloatingBase,
  dockerfileFromFloatingTag,
  dockerfileHeredocNoErrexit,
  flagsExpired,
  flagsNoExpiry,
  githubActionsContinueOnError,
  githubActionsDeployIfAlways,
  githubActionsDeployWithoutTests,
  githubActionsPipeNoPipefail,
  githubActionsUsesMutableRef,
  gitlabCiAllowFailure,
  gitlabCiDeployWhenAlways,
  gitlabCiImageFloating,
  gitlabCiNeedsSkipsTests,
  gitlabCiOptionalGate,
  grafanaDashboardNotReimportable,
  grafanaPanelNoDescription,
  helmRandomOnRender,
  jenkinsDeployAlways,
  jenkinsFailureCaught,
  jenkinsImageFloating,
  jenkinsLibraryUnpinned,
  jenkinsNoFailureNotification,
  jenkinsPipeNoPipefail,
  jenkinsShebangNoErrexit,
  kubernetesDatabaseWithoutVolume,
  kubernetesDeploymentWithRwoClaim,
  kubernetesImageFloatingTag,
  kubernetesInstallAtStartup,
  kubernetesNoReadinessProbe,
  kubernetesReplicasWithHpa,
  prometheusAlertFlappingOrDead,
  prometheusAlertNoPurpose,
  prometheusAlertNoSeverity,
  puppetExecNotIdempotent,
  puppetPackageLatest,
  puppetfileModuleUnpinned,
  shellAppendNotIdempotent,
  shellAsksOnRerun,
  shellBackupLostOnRerun,
  shellCreateNotIdempotent,
  shellCurlNoFail,
  shellDiffersEachRun,
  shellErrorSwallowed,
  shellFailsOnRerun,
  shellLockfileNotEnforced,
  shellMutatesRunningContainer,
  shellNewSaltEachRun,
  shellOneMoreEachRun,
  shellRemoveNotIdempotent,
  shellRenewedEachRun,
  shellRewriteNotIdempotent,
  shellTestFailureIgnored,
  shellUnprotectingGuard,
  shellUnseenFailureOnRerun,
  terraformAlarmWithoutPurpose,
  terraformModuleUnpinned,
  terraformNeverConverges,
  vagrantBoxUnpinned,
  workspaceAnsibleNotTested,
  workspaceDockerfileNotBuilt,
  workspaceTerraformNotValidated,
];
