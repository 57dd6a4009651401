import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { parseImage } from '../../formats/image';
import { type Container, isTestData, kubernetes } from '../../formats/kubernetes';
import { holdsData, statefulImage } from '../../formats/stateful-images';

const kinds = new Set([
  'Deployment',
  'DeploymentConfig',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'StatefulSet',
]);
/** Volumes that hold nothing once the pod is gone, or nothing the container writes. */
const disposable = new Set(['emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI']);
/** Programs of a database's image that are not the database, and shells, of which nothing is known. */
const otherPrograms =
  /(?:^|\/)(?:sh|bash|sleep|tail|mysql|mysqldump|mysqladmin|mariadb|psql|pg_dump|pg_isready|mongo|mongosh|mongodump|cqlsh|etcdctl|influx|mc|gateway)$/;

export default defineRule({
  id: 'kubernetes/database-without-volume',
  on: kubernetes,
  summary: 'A database, or another store, keeps its data inside a pod',
  why: 'The data is gone when the pod is: after an update, a drained node, an eviction.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ path, report }) => ({
    container(container) {
      const { kind, pod, images, open, argv } = container;
      const [reference] = images;
      if (kind !== 'main' || open || pod.open || !reference || isTestData(path)) return;
      // The agent of a CI service is a pod without a name, and its databases are there for a test.
      if (pod.owner.kind === 'Pod' && !pod.owner.name) return;
      if (!kinds.has(pod.owner.kind) || otherPrograms.test(argv[0]?.string ?? '')) return;
      const { repository, tag } = parseImage(reference.text().text, {
        use: 'run',
        incomplete: reference.templated,
        defaulted: [],
      });
      const stateful = statefulImage(repository, tag);
      if (!stateful || keepsSomething(container)) return;
      const { configuredFrom, dataPaths, name } = stateful;
      if (configuredFrom && container.mounts.some((each) => each.path.startsWith(configuredFrom))) {
        return;
      }
      const empty = container.mounts.find((each) => holdsData(stateful, [each.path]));
      report({
        at: reference,
        message: empty
          ? say`${name} keeps its data in ${empty.path}, an emptyDir: it ends with the pod`
          : say`${name} keeps its data in ${dataPaths[0]}, where no volume is mounted: it ends with the pod`,
      });
    },
  }),
});

/** Something is mounted that outlives the pod, or that only rendering would show. */
function keepsSomething({ pod, mounts }: Container): boolean {
  const claims = pod.owner.spec?.has('volumeClaimTemplates') || pod.owner.open;
  return mounts.some(({ volume }) => {
    const found = pod.volumes.find((each) => each.name === volume);
    if (!found) return claims;
    return found.types.length === 0 || found.types.some((type) => !disposable.has(type));
  });
}
