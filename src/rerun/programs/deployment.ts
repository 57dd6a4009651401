import { type Answer, type Call, type Programs, wordsOf } from '../call';
import { applyEffects } from '../effects/apply';
import { isKnown, type Text } from '../text';
import { type Key, thing } from '../world';

function create(call: Call, key: Key, status: number): Answer {
  if (call.world.at(key)?.present) return call.fail(status, { kind: 'there', key });
  call.world.make(key, {}, call.by);
  return {};
}

/** Flags of `docker run` that stand alone; all others have a value. */
const standsAlone =
  /^(?:-[dhiPqt]*[dPiqt]|--(?:detach|disable-content-trust|help|init|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all|quiet|read-only|rm|sig-proxy|tty|use-api-socket))$/;

/** What stands in front of the image. */
function flagsOfRun(args: readonly Text[]): readonly Text[] {
  let at = 0;
  while (at < args.length && args[at]!.startsWith('-')) {
    const flag = args[at]!;
    const isWhole = flag.includes('=') || standsAlone.test(flag) || /^-[A-Za-z]./.test(flag);
    at += isWhole ? 1 : 2;
  }
  // `-t` is a tag elsewhere, and has a value there.
  return args.slice(0, at).filter((flag) => flag !== '-t');
}

/** https://docs.docker.com/reference/cli/docker/container/run/ */
function docker(call: Call): Answer {
  const [verb, second] = call.operands;
  if (verb === 'run' || (verb === 'container' && second === 'run')) {
    // What stands behind the image belongs to the command inside.
    const flags = flagsOfRun(call.args.slice(call.args.indexOf('run') + 1));
    const { has, option } = wordsOf('docker', flags);
    const name = option('--name');
    const detached = has('-d', '--detach');
    if (name !== undefined) {
      const key = `container:${name}`;
      if (call.world.at(key)?.present) return call.fail(125, { kind: 'there', key });
      if (!has('--rm') || detached) call.world.make(key, {}, call.by);
      return { out: call.output() };
    }
    if (!detached || has('--rm')) return { out: call.output() };
    const id = call.world.unknowns.varying('without a name');
    call.world.make(`container:${id}`, {}, call.by);
    return { out: `${id}\n` };
  }
  if (verb === 'info') {
    const swarm = call.world.at('swarm:of this node');
    return { out: swarm?.present ? ' Swarm: active\n' : call.output() };
  }
  if (
    verb === 'compose' ||
    verb === 'build' ||
    verb === 'push' ||
    verb === 'exec' ||
    verb === 'login'
  )
    return { out: call.output() };
  return applyEffects(call) ?? unknown(call);
}

const unknown = (call: Call): Answer => {
  call.world.didUnknown();
  if (!call.tested) return { out: call.output(call.stdin) };
  return call.world.succeeds(`status ${call.name} ${call.args.join(' ')}`, true)
    ? { out: call.output(call.stdin) }
    : { status: 1 };
};

/** https://kubernetes.io/docs/reference/kubectl/generated/kubectl_create/ */
function kubectl(call: Call): Answer {
  const [verb] = call.operands;
  if (call.args.some((arg) => arg.startsWith('--dry-run') && arg !== '--dry-run=none')) {
    return { out: call.output() };
  }
  const from = call.option('-f', '--filename') ?? call.option('-k', '--kustomize');
  if (verb === 'create' && from !== undefined) {
    const text =
      from === '-' ? (call.stdin ?? '') : isKnown(from) ? call.world.read(call.path(from)) : '';
    if (/generateName:/.test(text)) {
      call.world.add(thing('object:with a generated name', 'cluster'), text, call.by);
      return {};
    }
    call.world.didUnknown();
    return create(
      call,
      thing(`manifest:${from === '-' ? 'the standard input' : from}`, 'cluster'),
      1,
    );
  }
  // What is applied or deleted by file is made and taken away as a whole.
  if (verb === 'apply' && from !== undefined) {
    call.world.didUnknown();
    const key = thing(`manifest:${from}`, 'cluster');
    if (call.world.at(key)?.present === false) call.world.make(key, {}, call.by);
    return { out: call.output(call.stdin) };
  }
  return applyEffects(call) ?? unknown(call);
}

/** The name a cloud's command gives to what it makes. */
function nameOf(call: Call): Text | undefined {
  const given = call.args.findIndex((arg) =>
    /^--(?:[a-z-]*-)?(?:name|names|identifier|id|alias|bucket|key-name|secret-id)$/.test(arg),
  );
  if (given >= 0) return call.args[given + 1];
  const inline = call.args.find((arg) => /^--(?:[a-z-]*-)?(?:name|names|bucket)=/.test(arg));
  return inline?.slice(inline.indexOf('=') + 1);
}

/** Calls that make one more each time, or that leave what is there as it is. https://docs.aws.amazon.com/cli/latest/reference/ */
const addsOne =
  /^(?:run-instances|allocate-address|create-(?:vpc|internet-gateway|route-table|nat-gateway|volume|network-interface)|request-spot-instances)$/;
const leavesAsIs =
  /^create-(?:topic|queue|tags|cluster|bucket|log-stream|service-linked-role|or-update-tags|backup|image|access-key|snapshot|invalidation|deployment|job|launch-template-version)$/;

function aws(call: Call): Answer {
  const [service = '', verb = ''] = call.operands;
  const { world, by } = call;
  if (call.has('--dry-run') || call.args.includes('--generate-cli-skeleton'))
    return { out: call.output() };
  const name = nameOf(call);
  // `s3 mb` makes what `s3api head-bucket` asks about.
  const key =
    service === 's3api'
      ? thing(`bucket:s3://${name}`, 'cloud')
      : thing(`${service} resource:${name}`, 'cloud');
  if (addsOne.test(verb)) {
    world.add(thing(`${service} resources:of ${verb}`, 'cloud'), `${call.args.join(' ')}\n`, by);
    return { out: call.output() };
  }
  if (verb === 'put-parameter' && name !== undefined) {
    return call.has('--overwrite') ? {} : { ...create(call, key, 254), out: '' };
  }
  if (/^create-/.test(verb) && !leavesAsIs.test(verb) && name !== undefined) {
    const made = create(call, key, 254);
    return made.status ? made : { out: call.output() };
  }
  if (/^authorize-security-group/.test(verb)) {
    return create(call, thing(`rule:of ${call.args.slice(2).join(' ')}`, 'cloud'), 254);
  }
  if (/^(?:describe|get|head)-/.test(verb) && name !== undefined && call.tested) {
    return world.exists(key) ? { out: call.output() } : { status: 254 };
  }
  return applyEffects(call) ?? { out: call.output() };
}

/** https://cloud.google.com/sdk/gcloud/reference: what is created must not be there. */
function gcloud(call: Call): Answer {
  const words = call.operands.filter((word) => word !== 'beta' && word !== 'alpha');
  const at = words.findIndex((word) =>
    /^(?:create|delete|describe|list|add|enable|set|submit|deploy|update)$/.test(word),
  );
  const verb = words[at];
  const group = words.slice(0, at).join(' ');
  const name = words[at + 1] ?? nameOf(call);
  const { world, by } = call;
  if (verb === undefined || name === undefined) {
    return verb === 'list'
      ? { out: `${[...world.named(`${group} resource`), call.output()].join('\n')}` }
      : { out: call.output() };
  }
  // Buckets are known to gsutil as well.
  const noun = group === 'storage buckets' ? 'bucket' : `${group} resource`;
  const key = thing(`${noun}:${name}`, 'cloud');
  if (verb === 'add' && /versions$/.test(group)) {
    world.add(thing(`${group}:of ${name}`, 'cloud'), `${call.args.join(' ')}\n`, by);
    return { out: call.output() };
  }
  // A user who is there already gets the password anew: https://github.com/terraform-google-modules/terraform-google-sql-db/pull/461.
  if (verb === 'create' && !/^(?:projects|config|sql users)/.test(group)) {
    const made = create(call, key, 1);
    return made.status ? made : { out: call.output() };
  }
  if (verb === 'describe')
    return !call.tested || world.exists(key) ? { out: call.output() } : { status: 1 };
  if (verb === 'delete') {
    const entry = world.at(key);
    if (entry && !entry.present) return call.fail(1, { kind: 'gone', key });
    world.remove(key, by);
  }
  return { out: call.output() };
}

export const deployment: Programs = { docker, kubectl, oc: kubectl, aws, gcloud };
