import { defineRule, option } from '../../engine/rule';
import { say } from '../../engine/said';
import {
  compose,
  type Mount,
  mountedOn,
  type Service,
  servesTestsOnly,
} from '../../formats/compose';
import { addVolume } from '../../formats/compose-edits';
import { holdsData, type StatefulImage, statefulImage } from '../../formats/stateful-images';

export default defineRule({
  id: 'compose/stateful-no-volume',
  on: compose,
  summary: 'A database has no volume for its data',
  why: 'What it was trusted with lives in the container: `docker compose down`, or a host set up anew, and the service starts empty.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',
  fix: 'suggested',
  options: {
    disposable: option.flag(
      false,
      'Also speak of services that nothing restarts and no volume serves.',
    ),
  },

  create: ({ options, report }) => ({
    service(service) {
      const { image, build, purpose } = service;
      if (!image || build || purpose || !runsServer(service)) return;
      const { repository, tag } = image.reference;
      const stateful = statefulImage(repository, tag);
      if (!stateful || mayBeKept(service, stateful) || servesTestsOnly(service)) return;
      // What nothing starts again, and nobody tried to keep, is there to be thrown away.
      if (!options.disposable && !service.staysUp && !service.mounts.some(isNamed)) return;
      const [path] = stateful.dataPaths;
      const edits = addVolume(service, path);
      const elsewhere = stateful.dataPaths.map((each) => mountedOn(service, each));
      report({
        at: image.written,
        message: say`${stateful.name} keeps its data in ${path}, where "${service.name.string}" has nothing mounted`,
        condition: { noneOf: [...(image.facts.condition?.noneOf ?? []), ...elsewhere] },
        ...(edits && { fix: { title: say`Add a volume for ${path}`, safe: false, edits } }),
      });
    },
  }),
});

/** Programs that serve; with another command the image is used as a client, for a dump or to set something up. */
const servers =
  /^(?:docker-entrypoint\.sh|postgres|mysqld(?:_safe)?|mariadbd|mongod|minio|server|start(?:-single-node)?|influxd|rabbitmq-server|apache2-foreground|php-fpm)$/;

function runsServer({ command, entrypoint }: Service): boolean {
  const [first] = command;
  return (
    entrypoint.length === 0 && (first === undefined || /^-/.test(first) || servers.test(first))
  );
}

const isNamed = ({ type, source }: Mount) => type === 'volume' && source !== undefined;

function mayBeKept(service: Service, stateful: StatefulImage): boolean {
  if (service.mountsUnknown || service.extendsElsewhere) return true;
  const targets: string[] = [];
  // The data may have been moved to a place of its own.
  const said = [...service.command, ...service.environment.values()];
  const moved = service.environment.get('PGDATA');
  if (moved !== undefined && !holdsData(stateful, [moved])) return true;
  if (said.some((word) => /^--(?:datadir|dbpath)\b/.test(word))) return true;
  for (const { target, type } of service.mounts) {
    if (target === undefined) return true;
    if (type !== 'config' && said.some((word) => word.includes(target))) return true;
    targets.push(target);
  }
  const { configuredFrom } = stateful;
  if (configuredFrom && targets.some((target) => target.startsWith(configuredFrom))) return true;
  return holdsData(stateful, targets);
}
