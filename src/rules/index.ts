import type { Rule } from '../engine/rule';
import alertmanagerBlackhole from './alertmanager/blackhole';
import ansibleCommandAlwaysChanged from './ansible/command-always-changed';
import ansibleCreatesMissing from './ansible/creates-missing';
import ansibleFailureSwallowed from './ansible/failure-swallowed';
import ansibleGalaxyUnpinned from './ansible/galaxy-unpinned';
import ansibleImageFloatingTag from './ansible/image-floating-tag';
import ansibleNonconvergentEdit from './ansible/nonconvergent-edit';
import ansiblePackageLatest from './ansible/package-latest';
import ansibleRandomEachRun from './ansible/random-each-run';
import ansibleRestartEveryRun from './ansible/restart-every-run';
import ansibleTouchAlwaysChanges from './ansible/touch-always-changes';
import ansibleVcsUnpinned from './ansible/vcs-unpinned';
import azurePipelinesBashNoErrexit from './azure-pipelines/bash-no-errexit';
import azurePipelinesContinueOnError from './azure-pipelines/continue-on-error';
import bitbucketPipelinesImageFloating from './bitbucket-pipelines/image-floating';
import chefExecuteNoGuard from './chef/execute-no-guard';
import chefFailureIgnored from './chef/failure-ignored';
import chefGuardAlwaysTrue from './chef/guard-always-true';
import circleciDeployUnguarded from './circleci/deploy-unguarded';
import circleciUnpinned from './circleci/unpinned';
import cloudInitMovingBase from './cloud-init/moving-base';
import cloudInitRuncmdContinues from './cloud-init/runcmd-continues';
import cloudformationAlarmWithoutPurpose from './cloudformation/alarm-without-purpose';
import cloudformationImageFloatingTag from './cloudformation/image-floating-tag';
import cloudformationStatefulNoRetain from './cloudformation/stateful-no-retain';
import cloudformationUserdataWithoutSignal from './cloudformation/userdata-without-signal';
import composeDependsOnNoCondition from './compose/depends-on-no-condition';
import composeHealthyWithoutHealthcheck from './compose/healthy-without-healthcheck';
import composeImageFloatingTag from './compose/image-floating-tag';
import composeStatefulNoVolume from './compose/stateful-no-volume';
import dockerfileArgFloatingBase from './dockerfile/arg-floating-base';
import dockerfileFromFloatingTag from './dockerfile/from-floating-tag';
import dockerfileHeredocNoErrexit from './dockerfile/heredoc-no-errexit';
import dockerfileOsUpdateLayer from './dockerfile/os-update-layer';
import dockerfilePipeNoPipefail from './dockerfile/pipe-no-pipefail';
import dockerfileSourceUnpinned from './dockerfile/source-unpinned';
import flagsExpired from './flags/expired';
import flagsNoExpiry from './flags/no-expiry';
import githubActionsContinueOnError from './github-actions/continue-on-error';
import githubActionsDeployCancelled from './github-actions/deploy-cancelled';
import githubActionsDeployIfAlways from './github-actions/deploy-if-always';
import githubActionsDeployWithoutTests from './github-actions/deploy-without-tests';
import githubActionsImageFloatingTag from './github-actions/image-floating-tag';
import githubActionsPipeNoPipefail from './github-actions/pipe-no-pipefail';
import githubActionsPushLatestOnly from './github-actions/push-latest-only';
import githubActionsScheduleUnwatched from './github-actions/schedule-unwatched';
import githubActionsUsesMutableRef from './github-actions/uses-mutable-ref';
import gitlabCiAfterScriptFailure from './gitlab-ci/after-script-failure';
import gitlabCiAllowFailure from './gitlab-ci/allow-failure';
import gitlabCiDeployCancelled from './gitlab-ci/deploy-cancelled';
import gitlabCiDeployWhenAlways from './gitlab-ci/deploy-when-always';
import gitlabCiImageFloating from './gitlab-ci/image-floating';
import gitlabCiIncludeUnpinned from './gitlab-ci/include-unpinned';
import gitlabCiNeedsSkipsTests from './gitlab-ci/needs-skips-tests';
import gitlabCiOptionalGate from './gitlab-ci/optional-gate';
import gitlabCiTriggerNoDepend from './gitlab-ci/trigger-no-depend';
import grafanaDashboardNotReimportable from './grafana/dashboard-not-reimportable';
import grafanaPanelNoDescription from './grafana/panel-no-description';
import helmRandomOnRender from './helm/random-on-render';
import helmValuesFloatingTag from './helm/values-floating-tag';
import jenkinsDeployAlways from './jenkins/deploy-always';
import jenkinsFailureCaught from './jenkins/failure-caught';
import jenkinsImageFloating from './jenkins/image-floating';
import jenkinsLibraryUnpinned from './jenkins/library-unpinned';
import jenkinsNoFailureNotification from './jenkins/no-failure-notification';
import jenkinsPipeNoPipefail from './jenkins/pipe-no-pipefail';
import jenkinsShebangNoErrexit from './jenkins/shebang-no-errexit';
import kubernetesChartUnpinned from './kubernetes/chart-unpinned';
import kubernetesDatabaseWithoutVolume from './kubernetes/database-without-volume';
import kubernetesDeploymentWithRwoClaim from './kubernetes/deployment-with-rwo-claim';
import kubernetesImageFloatingTag from './kubernetes/image-floating-tag';
import kubernetesInstallAtStartup from './kubernetes/install-at-startup';
import kubernetesNoReadinessProbe from './kubernetes/no-readiness-probe';
import kubernetesReplicasWithHpa from './kubernetes/replicas-with-hpa';
import kustomizeRemoteUnpinned from './kustomize/remote-unpinned';
import packerOverwritesImage from './packer/overwrites-image';
import packerUnpinnedInputs from './packer/unpinned-inputs';
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
import shellDeployNotVerified from './shell/deploy-not-verified';
import shellDiffersEachRun from './shell/differs-each-run';
import shellErrorSwallowed from './shell/error-swallowed';
import shellFailsOnRerun from './shell/fails-on-rerun';
import shellLockfileNotEnforced from './shell/lockfile-not-enforced';
import shellMutableDownload from './shell/mutable-download';
import shellMutatesRunningContainer from './shell/mutates-running-container';
import shellNewSaltEachRun from './shell/new-salt-each-run';
import shellOneMoreEachRun from './shell/one-more-each-run';
import shellPackageUnpinned from './shell/package-unpinned';
import shellPushLatestOnly from './shell/push-latest-only';
import shellRemoveNotIdempotent from './shell/remove-not-idempotent';
import shellRenewedEachRun from './shell/renewed-each-run';
import shellRewriteNotIdempotent from './shell/rewrite-not-idempotent';
import shellSleepInsteadOfWait from './shell/sleep-instead-of-wait';
import shellSshInPlaceDeploy from './shell/ssh-in-place-deploy';
import shellTestFailureIgnored from './shell/test-failure-ignored';
import shellUnprotectingGuard from './shell/unprotecting-guard';
import shellUnseenFailureOnRerun from './shell/unseen-failure-on-rerun';
import terraformAlarmWithoutPurpose from './terraform/alarm-without-purpose';
import terraformHelmReleaseNoVersion from './terraform/helm-release-no-version';
import terraformImageFloatingTag from './terraform/image-floating-tag';
import terraformLockfileIgnored from './terraform/lockfile-ignored';
import terraformModuleUnpinned from './terraform/module-unpinned';
import terraformNeverConverges from './terraform/never-converges';
import terraformProvisioner from './terraform/provisioner';
import terraformStatefulUnprotected from './terraform/stateful-unprotected';
import vagrantBoxUnpinned from './vagrant/box-unpinned';
import workspaceAnsibleNotTested from './workspace/ansible-not-tested';
import workspaceCredentialCommitted from './workspace/credential-committed';
import workspaceDeployNotGatedByCi from './workspace/deploy-not-gated-by-ci';
import workspaceDockerfileNotBuilt from './workspace/dockerfile-not-built';
import workspaceImageVersionDrift from './workspace/image-version-drift';
import workspaceManifestsNotValidated from './workspace/manifests-not-validated';
import workspaceNoUpdateBot from './workspace/no-update-bot';
import workspacePinnedNotUpdated from './workspace/pinned-not-updated';
import workspaceStateCommitted from './workspace/state-committed';
import workspaceTerraformNotValidated from './workspace/terraform-not-validated';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  alertmanagerBlackhole,
  ansibleCommandAlwaysChanged,
  ansibleCreatesMissing,
  ansibleFailureSwallowed,
  ansibleGalaxyUnpinned,
  ansibleImageFloatingTag,
  ansibleNonconvergentEdit,
  ansiblePackageLatest,
  ansibleRandomEachRun,
  ansibleRestartEveryRun,
  ansibleTouchAlwaysChanges,
  ansibleVcsUnpinned,
  azurePipelinesBashNoErrexit,
  azurePipelinesContinueOnError,
  bitbucketPipelinesImageFloating,
  chefExecuteNoGuard,
  chefFailureIgnored,
  chefGuardAlwaysTrue,
  circleciDeployUnguarded,
  circleciUnpinned,
  cloudInitMovingBase,
  cloudInitRuncmdContinues,
  cloudformationAlarmWithoutPurpose,
  cloudformationImageFloatingTag,
  cloudformationStatefulNoRetain,
  cloudformationUserdataWithoutSignal,
  composeDependsOnNoCondition,
  composeHealthyWithoutHealthcheck,
  composeImageFloatingTag,
  composeStatefulNoVolume,
  dockerfileArgFloatingBase,
  dockerfileFromFloatingTag,
  dockerfileHeredocNoErrexit,
  dockerfileOsUpdateLayer,
  dockerfilePipeNoPipefail,
  dockerfileSourceUnpinned,
  flagsExpired,
  flagsNoExpiry,
  githubActionsContinueOnError,
  githubActionsDeployCancelled,
  githubActionsDeployIfAlways,
  githubActionsDeployWithoutTests,
  githubActionsImageFloatingTag,
  githubActionsPipeNoPipefail,
  githubActionsPushLatestOnly,
  githubActionsScheduleUnwatched,
  githubActionsUsesMutableRef,
  gitlabCiAfterScriptFailure,
  gitlabCiAllowFailure,
  gitlabCiDeployCancelled,
  gitlabCiDeployWhenAlways,
  gitlabCiImageFloating,
  gitlabCiIncludeUnpinned,
  gitlabCiNeedsSkipsTests,
  gitlabCiOptionalGate,
  gitlabCiTriggerNoDepend,
  grafanaDashboardNotReimportable,
  grafanaPanelNoDescription,
  helmRandomOnRender,
  helmValuesFloatingTag,
  jenkinsDeployAlways,
  jenkinsFailureCaught,
  jenkinsImageFloating,
  jenkinsLibraryUnpinned,
  jenkinsNoFailureNotification,
  jenkinsPipeNoPipefail,
  jenkinsShebangNoErrexit,
  kubernetesChartUnpinned,
  kubernetesDatabaseWithoutVolume,
  kubernetesDeploymentWithRwoClaim,
  kubernetesImageFloatingTag,
  kubernetesInstallAtStartup,
  kubernetesNoReadinessProbe,
  kubernetesReplicasWithHpa,
  kustomizeRemoteUnpinned,
  packerOverwritesImage,
  packerUnpinnedInputs,
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
  shellDeployNotVerified,
  shellDiffersEachRun,
  shellErrorSwallowed,
  shellFailsOnRerun,
  shellLockfileNotEnforced,
  shellMutableDownload,
  shellMutatesRunningContainer,
  shellNewSaltEachRun,
  shellOneMoreEachRun,
  shellPackageUnpinned,
  shellPushLatestOnly,
  shellRemoveNotIdempotent,
  shellRenewedEachRun,
  shellRewriteNotIdempotent,
  shellSleepInsteadOfWait,
  shellSshInPlaceDeploy,
  shellTestFailureIgnored,
  shellUnprotectingGuard,
  shellUnseenFailureOnRerun,
  terraformAlarmWithoutPurpose,
  terraformHelmReleaseNoVersion,
  terraformImageFloatingTag,
  terraformLockfileIgnored,
  terraformModuleUnpinned,
  terraformNeverConverges,
  terraformProvisioner,
  terraformStatefulUnprotected,
  vagrantBoxUnpinned,
  workspaceAnsibleNotTested,
  workspaceCredentialCommitted,
  workspaceDeployNotGatedByCi,
  workspaceDockerfileNotBuilt,
  workspaceImageVersionDrift,
  workspaceManifestsNotValidated,
  workspaceNoUpdateBot,
  workspacePinnedNotUpdated,
  workspaceStateCommitted,
  workspaceTerraformNotValidated,
];
