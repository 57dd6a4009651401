import type { Rule } from '../engine/rule';
import ansibleCommandAlwaysChanged from './ansible/command-always-changed';
import ansibleCreatesMissing from './ansible/creates-missing';
import ansibleFailureSwallowed from './ansible/failure-swallowed';
import ansiblePackageLatest from './ansible/package-latest';
import ansibleRestartEveryRun from './ansible/restart-every-run';
import cloudInitMovingBase from './cloud-init/moving-base';
import cloudInitRuncmdContinues from './cloud-init/runcmd-continues';
import cloudformationAlarmWithoutPurpose from './cloudformation/alarm-without-purpose';
import cloudformationImageFloatingTag from './cloudformation/image-floating-tag';
import cloudformationStatefulNoRetain from './cloudformation/stateful-no-retain';
import cloudformationUserdataWithoutSignal from './cloudformation/userdata-without-signal';
import composeHealthyWithoutHealthcheck from './compose/healthy-without-healthcheck';
import composeImageFloatingTag from './compose/image-floating-tag';
import composeStatefulNoVolume from './compose/stateful-no-volume';
import dockerfileArgFloatingBase from './dockerfile/arg-floating-base';
import dockerfileFromFloatingTag from './dockerfile/from-floating-tag';
import dockerfileHeredocNoErrexit from './dockerfile/heredoc-no-errexit';
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
import helmRandomOnRender from './helm/random-on-render';
import kubernetesDatabaseWithoutVolume from './kubernetes/database-without-volume';
import kubernetesDeploymentWithRwoClaim from './kubernetes/deployment-with-rwo-claim';
import kubernetesImageFloatingTag from './kubernetes/image-floating-tag';
import kubernetesInstallAtStartup from './kubernetes/install-at-startup';
import kubernetesNoReadinessProbe from './kubernetes/no-readiness-probe';
import kubernetesReplicasWithHpa from './kubernetes/replicas-with-hpa';
import packerOverwritesImage from './packer/overwrites-image';
import packerUnpinnedInputs from './packer/unpinned-inputs';
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
import terraformHelmReleaseNoVersion from './terraform/helm-release-no-version';
import terraformLockfileIgnored from './terraform/lockfile-ignored';
import terraformModuleUnpinned from './terraform/module-unpinned';
import terraformNeverConverges from './terraform/never-converges';
import terraformProvisioner from './terraform/provisioner';
import terraformStatefulUnprotected from './terraform/stateful-unprotected';
import workspaceAnsibleNotTested from './workspace/ansible-not-tested';
import workspaceDockerfileNotBuilt from './workspace/dockerfile-not-built';
import workspaceTerraformNotValidated from './workspace/terraform-not-validated';

/** Every rule, one line each, sorted by id. */
export const rules: readonly Rule[] = [
  //
  ansibleCommandAlwaysChanged,
  ansibleCreatesMissing,
  ansibleFailureSwallowed,
  ansiblePackageLatest,
  ansibleRestartEveryRun,
  cloudInitMovingBase,
  cloudInitRuncmdContinues,
  cloudformationAlarmWithoutPurpose,
  cloudformationImageFloatingTag,
  cloudformationStatefulNoRetain,
  cloudformationUserdataWithoutSignal,
  composeHealthyWithoutHealthcheck,
  composeImageFloatingTag,
  composeStatefulNoVolume,
  dockerfileArgFloatingBase,
  dockerfileFromFloatingTag,
  dockerfileHeredocNoErrexit,
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
  helmRandomOnRender,
  kubernetesDatabaseWithoutVolume,
  kubernetesDeploymentWithRwoClaim,
  kubernetesImageFloatingTag,
  kubernetesInstallAtStartup,
  kubernetesNoReadinessProbe,
  kubernetesReplicasWithHpa,
  packerOverwritesImage,
  packerUnpinnedInputs,
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
  terraformHelmReleaseNoVersion,
  terraformLockfileIgnored,
  terraformModuleUnpinned,
  terraformNeverConverges,
  terraformProvisioner,
  terraformStatefulUnprotected,
  workspaceAnsibleNotTested,
  workspaceDockerfileNotBuilt,
  workspaceTerraformNotValidated,
];
