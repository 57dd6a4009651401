import type { Command, Script } from './shell-model';

/** A command that hands a new version to where it runs, and comes back before it does. */
export interface Rollout {
  /** As people call it: `kubectl apply`, `helm upgrade`. */
  readonly what: string;
  /** A resource it names itself, such as `deployment/web`, with the flags that say where it is. */
  readonly resource: { readonly name: string; readonly flags: string } | undefined;
  /** `helm --wait`: the tool's own way to wait. */
  readonly waitFlag: string | undefined;
}

/** Manifests that hold nothing to wait for, by their names. */
const withoutWorkload =
  /(?:crd|namespace|\bns\b|secret|config-?map|[-_/]config\b|settings|\bcm\b|ingress|issuer|cert|role|rbac|account|\bpvc?\b|volume|storage|quota|polic|hpa|autoscal|monitor|network|svc|service\.(?:ya?ml|json)|gateway|route|job|test)/i;

/** Clusters that are made for a try; what runs in them is looked at by whoever made them. */
const throwAway =
  /\b(?:kind|k3d|minikube|k3s|microk8s|ctlptl)\b|helm\/kind-action|setup-(?:minikube|k3s)|localstack/;

/**
 * The rollout a command starts without waiting for its end; undefined for what waits, what only rehearses, and what
 * brings nothing that has to come up. Sources: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_apply/,
 * https://helm.sh/docs/helm/helm_upgrade/ (--wait), https://docs.docker.com/reference/cli/docker/stack/deploy/
 * (--detach), https://docs.aws.amazon.com/cli/latest/reference/ecs/update-service.html.
 */
export function rolloutOf(command: Command, script: Script): Rollout | undefined {
  const [first, second] = command.operands.slice(0, 2).map((each) => each.value ?? each.text);
  const plain = (what: string): Rollout => ({ what, resource: undefined, waitFlag: undefined });
  switch (command.name) {
    case 'kubectl':
    case 'oc':
      if (command.class !== 'deploy') return undefined;
      if (first === 'apply' || first === 'replace') {
        return appliesWorkload(command, script) ? plain(`${command.name} ${first}`) : undefined;
      }
      if (
        (first === 'set' && second === 'image') ||
        (first === 'rollout' && second === 'restart')
      ) {
        return { ...plain(`${command.name} ${first} ${second}`), resource: resourceOf(command) };
      }
      return undefined;
    case 'helm':
      if (command.class !== 'deploy' || (first !== 'upgrade' && first !== 'install'))
        return undefined;
      return command.has('--wait', '--atomic', '--rollback-on-failure', '--dry-run') ||
        command.operands.some((each) => /crds?\b/i.test(each.text))
        ? undefined
        : { ...plain(`helm ${first}`), waitFlag: '--wait' };
    case 'aws':
      return first === 'ecs' && second === 'update-service'
        ? plain('aws ecs update-service')
        : undefined;
    case 'docker':
      return first === 'stack' && second === 'deploy' && !isAttached(command)
        ? plain('docker stack deploy')
        : undefined;
    default:
      return undefined;
  }
}

/** `--detach=false` makes `docker stack deploy` wait. */
const isAttached = (command: Command) =>
  command.args.some((arg) => /^(?:--detach|-d)=false$/.test(arg.text));

/** Own manifests that may hold a workload; what comes from an address or from standard input is not judged. */
function appliesWorkload(command: Command, script: Script): boolean {
  if (command.has('-k', '--kustomize')) return true;
  const given: string[] = [];
  command.args.forEach((arg, at) => {
    const joined = /^(?:-f|--filename=)(.+)$/.exec(arg.text);
    if (joined) given.push(joined[1]!);
    else if (/^(?:-f|--filename)$/.test(arg.text)) {
      given.push(script.resolve(command.args[at + 1]) ?? '$');
    }
  });
  return given.some(
    (path) =>
      !path.includes('$') &&
      !path.includes('__') &&
      path !== '-' &&
      !/^https?:/.test(path) &&
      !withoutWorkload.test(path),
  );
}

/** `deployment/web`, or `deployment web`, with the namespace and context it is in. */
function resourceOf(command: Command): Rollout['resource'] {
  const [, , third, fourth] = command.operands;
  const name = third?.text.includes('/')
    ? third.text
    : fourth && !fourth.text.includes('=')
      ? `${third?.text}/${fourth.text}`
      : undefined;
  if (name === undefined || command.operands.some((each) => each.text.includes('__')))
    return undefined;
  const flags = (['-n', '--namespace', '--context'] as const).flatMap((flag) => {
    const value = command.option(flag);
    return value ? [`${flag} ${value.text}`] : [];
  });
  return { name, flags: flags.slice(0, 2).join(' ') };
}

/** Words of a pipeline or script that look after a rollout: wait for it, ask it, or test it. */
const looksAfter =
  /rollout\s+status|\bwait\b|[-_]wait|wait[-_]|--atomic|--rollback-on-failure|services-stable|health|smoke|verif|\bprobe|readiness|e2e|helm\s+(?:test|status)|argocd|flagger|--watch|\bget\s+(?:pods?|po|deploy\w*|all)\b[^\n]*(?:-w\b|\|)/i;

/** Whether anything in a file looks after its rollouts; comments do not count. `text` is the whole file. */
export function looksAfterRollouts(text: string): boolean {
  const said = text.replace(/^[ \t]*#.*$|\s#\s.*$/gm, '');
  return looksAfter.test(said) || throwAway.test(said);
}

/** What a script does behind a rollout that may well ask how it went: a request, a loop, a script of the project's own. */
export const mayAsk = (command: Command): boolean =>
  (command.loop && command.class !== 'deploy') ||
  command.class === 'test' ||
  /^(?:curl|wget|http|nc|make|just|task|npm|python|bash|sh|node)$/.test(command.name ?? '') ||
  /^\.{0,2}\/|\.(?:sh|py|rb|js)$/.test(command.word?.value ?? '');
