import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type Command, shell } from '../../formats/shell';
import type { Word } from '../../syntax/shell';

/** System and language packages that are put into what runs; a project's own dependencies live in a mounted folder. */
const installs =
  /\b(?:apt(?:-get)?\s+(?:-\S+\s+)*install|apk\s+(?:-\S+\s+)*add|(?:yum|dnf|microdnf|zypper)\s+(?:-\S+\s+)*install|pip3?\s+install\s+(?!-r|-e|\.|-c)[\w.=-]+|gem\s+install|npm\s+(?:install|i)\s+(?:-g|--global)|pecl\s+install|docker-php-ext-install)\b/;

/** Scripts of tests: their containers are gone with them. */
const forTests = /(?:^|\/)(?:e2e|integration|hack)\/|(?:^|[/_.-])tests?(?:[/_.-]|$)/i;

/** The file that commits a container makes it as well, and says how; or it saves a copy of a state on purpose. */
const makesContainer =
  /\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create|save)\b|\bdocker_container\b|ansible_connection|connection: docker/;

/** Files of the image edited in place. */
const edits =
  /\bsed\s+(?:-\w*i|--in-place)|(?:>>?|\btee\s+(?:-a\s+)?)\s*\/(?:etc|usr|opt|app|srv)\//;

/** Clusters whose nodes are containers, made for a try and changed on purpose. */
const throwAwayClusters = new Set(['k3d', 'kind', 'minikube']);

/** The folder that `-v source:/folder` mounts. */
const mounts = /(?:^|\s)(?:-v|--volume)[= ]\s*[^\s:]+:(\/[\w./-]*\w)/g;

export default defineRule({
  id: 'shell/mutates-running-container',
  on: shell,
  summary: 'A running container is changed by hand: the change is gone with it',
  why: 'The next restart, node or roll-out starts from the image again, without the package or the edit; what runs is described nowhere.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create({ hosts, path, report }) {
    let isThrownAway = false;
    let isMadeHere = false;
    let mounted: readonly string[] = [];
    return {
      script(script) {
        // A container a job starts for its tests is gone with the job, changed or not.
        isThrownAway =
          (script.machine === 'fresh' && !script.remote) ||
          forTests.test(path) ||
          script.commands.some((each) => throwAwayClusters.has(each.name ?? ''));
        // A playbook is how it is built.
        isMadeHere = hosts[0]?.format === 'ansible' || makesContainer.test(script.text);
        mounted = [...script.text.matchAll(mounts)].map((found) => found[1]!);
      },
      command(command) {
        const { name, word } = command;
        if (
          !word ||
          (name !== 'docker' && name !== 'docker-compose' && name !== 'kubectl' && name !== 'oc')
        )
          return;
        const words = command.operands.map((each) => each.value ?? each.text);
        if (
          name === 'docker' &&
          (words[0] === 'commit' || words.slice(0, 2).join(' ') === 'container commit')
        ) {
          if (isMadeHere || forTests.test(path)) return;
          report({
            at: command,
            message: say`${word.text} commit makes an image of a container's state: no file says how to build it again`,
          });
          return;
        }
        if (isThrownAway) return;
        const inside = insideOf(command);
        if (inside === undefined) return;
        const done = installs.exec(inside)?.[0] ?? edits.exec(inside)?.[0];
        if (!done) return;
        // What stands on a volume outlives the container.
        const written = /\/\S*$/.exec(done)?.[0];
        if (written && mounted.some((folder) => `${folder}/`.startsWith(written))) return;
        report({
          at: command,
          message: say`"${done.replace(/\s+/g, ' ')}" in a running container is lost with it`,
        });
      },
    };
  },
});

/** The command line behind `exec`; undefined where it is another subcommand. */
function insideOf(command: Command): string | undefined {
  const { args } = command;
  const at = args.findIndex((arg) => arg.value === 'exec');
  if (at < 0 || args.slice(0, at).some((arg) => arg.value === 'run')) return undefined;
  const rest: readonly Word[] = args.slice(at + 1);
  return rest.map((arg) => arg.value ?? arg.text).join(' ');
}
