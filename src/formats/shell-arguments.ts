import { lookUp } from '../text/look-up';

/** Flags that take the next word (or the rest of a cluster) as their value, where that word would mislead. */
const valueFlags: Readonly<Record<string, readonly string[]>> = {
  bash: ['-o', '-O', '+o', '+O', '--rcfile', '--init-file'],
  sh: ['-o', '+o'],
  dash: ['-o', '+o'],
  ash: ['-o', '+o'],
  python: ['-W', '-X'],
  curl: [
    '-o',
    '-H',
    '-d',
    '-X',
    '-u',
    '-A',
    '-e',
    '-T',
    '-m',
    '-w',
    '-x',
    '-E',
    '-F',
    '-b',
    '-c',
    '-C',
    '-D',
    '-K',
    '-y',
    '-Y',
    '-z',
    '-r',
    '-t',
    '-Q',
    '-P',
    '-U',
    '--output',
    '--header',
    '--data',
    '--request',
    '--user',
    '--user-agent',
    '--referer',
    '--upload-file',
    '--max-time',
    '--connect-timeout',
    '--write-out',
    '--proxy',
    '--cert',
    '--form',
    '--cookie',
    '--cookie-jar',
    '--retry',
    '--retry-delay',
    '--retry-max-time',
    '--cacert',
    '--key',
    '--data-raw',
    '--data-binary',
    '--data-urlencode',
    '--output-dir',
    '--create-dirs-mode',
    '--resolve',
    '--url',
    '--noproxy',
  ],
  wget: [
    '-O',
    '-P',
    '-o',
    '-a',
    '-U',
    '-t',
    '-T',
    '-e',
    '--output-document',
    '--directory-prefix',
    '--header',
  ],
  npm: [
    '--prefix',
    '-C',
    '--registry',
    '-w',
    '--workspace',
    '--loglevel',
    '--cache',
    '--userconfig',
    '--omit',
    '--include',
    '--only',
    '--tag',
    '--fetch-retries',
    '--fetch-timeout',
    '--install-strategy',
    '--audit-level',
    '--cpu',
    '--os',
  ],
  yarn: [
    '--cwd',
    '--cache-folder',
    '--registry',
    '--network-timeout',
    '--mutex',
    '--modules-folder',
  ],
  pnpm: ['-C', '--dir', '--filter', '-F', '--store-dir', '--registry', '--reporter', '--loglevel'],
  pip: [
    '-r',
    '-c',
    '-i',
    '-t',
    '-f',
    '--requirement',
    '--constraint',
    '--index-url',
    '--extra-index-url',
    '--target',
    '--find-links',
    '--prefix',
    '--root',
    '--python-version',
    '--platform',
    '--cache-dir',
    '--trusted-host',
    '--root-user-action',
    '--group',
    '--no-binary',
    '--only-binary',
    '--upgrade-strategy',
    '--progress-bar',
    '--timeout',
    '--retries',
    '--proxy',
    '--log',
  ],
  docker: [
    '-f',
    '-t',
    '--file',
    '--tag',
    '--build-arg',
    '--target',
    '--name',
    '-v',
    '-e',
    '-p',
    '-w',
    '-u',
    '--network',
    '--platform',
    '-c',
    '--context',
    '-H',
    '--project-name',
    '--user',
    '--volume',
    '--env',
    '--env-file',
    '--entrypoint',
    '--progress',
    '--project-directory',
    '--profile',
    '--workdir',
  ],
  'docker-compose': [
    '-f',
    '--file',
    '-p',
    '--project-name',
    '--env-file',
    '--project-directory',
    '--profile',
  ],
  kubectl: [
    '-n',
    '--namespace',
    '--context',
    '--kubeconfig',
    '-f',
    '--filename',
    '-k',
    '-l',
    '--selector',
    '-o',
    '-c',
    '--container',
    '--cluster',
    '-p',
    '--type',
    '--timeout',
    '--for',
  ],
  oc: ['-n', '--namespace', '-f', '-l', '-o'],
  helm: [
    '-n',
    '--namespace',
    '-f',
    '--values',
    '--set',
    '--version',
    '--kube-context',
    '--timeout',
    '--kubeconfig',
  ],
  git: ['-C', '-c', '--git-dir', '--work-tree', '-b', '--branch', '--depth', '-m'],
  make: ['-C', '-f', '-j', '--directory', '--file'],
  go: [
    '-C',
    '-o',
    '-run',
    '-tags',
    '-ldflags',
    '-timeout',
    '-coverprofile',
    '-covermode',
    '-count',
    '-parallel',
    '-p',
  ],
  mvn: ['-f', '-P', '-pl', '-s', '-T', '--file', '--settings'],
  terraform: ['-chdir', '-var', '-var-file', '-out', '-target'],
  'apt-get': ['-o', '-t', '-c'],
  apt: ['-o', '-t', '-c'],
  apk: ['-t', '-X', '--virtual', '--repository', '-p'],
  yum: ['-c', '--enablerepo', '--disablerepo', '--installroot'],
  dnf: ['-c', '--enablerepo', '--disablerepo', '--installroot', '--setopt'],
  ansible: ['-i', '-m', '-a', '-u'],
  'ansible-playbook': [
    '-i',
    '-e',
    '-u',
    '-l',
    '-t',
    '--extra-vars',
    '--inventory',
    '--limit',
    '--tags',
  ],
  ssh: [
    '-i',
    '-p',
    '-o',
    '-l',
    '-F',
    '-J',
    '-L',
    '-R',
    '-D',
    '-b',
    '-c',
    '-E',
    '-m',
    '-Q',
    '-S',
    '-W',
    '-w',
  ],
  useradd: [
    '-u',
    '-g',
    '-G',
    '-d',
    '-s',
    '-c',
    '-e',
    '-f',
    '-k',
    '-K',
    '-p',
    '--uid',
    '--gid',
    '--groups',
    '--home-dir',
    '--shell',
    '--comment',
    '--password',
  ],
  awk: ['-v', '-F', '-f', '--assign', '--field-separator', '--file'],
  base64: ['-w', '--wrap'],
  column: ['-t', '-s', '-c'],
  cut: ['-d', '-f', '-c', '-b', '--delimiter', '--fields'],
  egrep: ['-e', '-f', '-m', '-A', '-B', '-C'],
  fgrep: ['-e', '-f', '-m', '-A', '-B', '-C'],
  gawk: ['-v', '-F', '-f', '-i'],
  gpasswd: [],
  grep: [
    '-e',
    '-f',
    '-m',
    '-A',
    '-B',
    '-C',
    '--regexp',
    '--file',
    '--max-count',
    '--include',
    '--exclude',
  ],
  gsutil: ['-p', '-c', '-l', '-b', '-s'],
  'gsutil ls': [],
  head: ['-n', '-c', '--lines', '--bytes'],
  ip: [],
  gem: [
    '-v',
    '--version',
    '-i',
    '--install-dir',
    '-n',
    '--bindir',
    '-s',
    '--source',
    '-P',
    '--trust-policy',
  ],
  cargo: [
    '--version',
    '--vers',
    '--git',
    '--branch',
    '--tag',
    '--rev',
    '--path',
    '--root',
    '--features',
    '-F',
    '--target',
    '--target-dir',
    '--index',
    '--registry',
    '-j',
    '--jobs',
    '--profile',
    '-p',
    '--package',
    '--manifest-path',
    '--bin',
  ],
  dotnet: [
    '--version',
    '--tool-path',
    '--add-source',
    '--framework',
    '-c',
    '--configuration',
    '-o',
  ],
  pipx: ['--python', '--suffix', '--spec', '--pip-args'],
  mkswap: ['-U', '-L', '--uuid', '--label'],
  mktemp: ['-p', '--tmpdir', '--suffix'],
  od: ['-A', '-t', '-N', '-j', '-w'],
  sort: ['-o', '-k', '-t', '-S', '-T', '--output', '--key', '--field-separator'],
  'ssh-keyscan': ['-t', '-p', '-T', '-f'],
  tail: ['-n', '-c', '--lines', '--bytes'],
  xxd: ['-l', '-c', '-s', '-g'],
  adduser: [
    '--gecos',
    '--comment',
    '--uid',
    '--gid',
    '--home',
    '--shell',
    '--ingroup',
    '--firstuid',
    '--lastuid',
    '-h',
    '-g',
    '-s',
    '-G',
    '-u',
    '-k',
  ],
  addgroup: ['--gid', '-g'],
  at: ['-f', '-q', '-t'],
  aws: ['--region', '--profile', '--output'],
  bq: ['--location', '--project_id', '--dataset_id'],
  chpasswd: ['-c', '-s', '-R'],
  createdb: [
    '-h',
    '-p',
    '-U',
    '-O',
    '-E',
    '-T',
    '-l',
    '-D',
    '--host',
    '--port',
    '--username',
    '--owner',
    '--encoding',
    '--template',
    '--locale',
    '--tablespace',
    '--maintenance-db',
  ],
  createuser: ['-h', '-p', '-U', '-c', '-g', '--host', '--port', '--username', '--role'],
  crontab: ['-u'],
  'docker inspect': ['-f', '--format', '--type'],
  'docker images': ['-f', '--filter', '--format'],
  'docker network': [
    '-d',
    '--driver',
    '--subnet',
    '--gateway',
    '--ip-range',
    '-o',
    '--opt',
    '--label',
    '--scope',
  ],
  'docker ps': ['-f', '--filter', '--format', '-n', '--last'],
  'docker rm': [],
  'docker rmi': [],
  'docker stop': ['-t', '--time', '-s', '--signal'],
  'docker volume': ['-d', '--driver', '-o', '--opt', '--label', '--name'],
  dropdb: ['-h', '-p', '-U', '--host', '--port', '--username'],
  dropuser: ['-h', '-p', '-U', '--host', '--port', '--username'],
  fallocate: ['-l', '-o', '--length', '--offset'],
  gcloud: ['--project', '--region', '--zone'],
  gh: ['-R', '--repo', '-t', '--title', '-n', '--notes', '-F', '--notes-file', '--target'],
  groupadd: ['-g', '--gid', '-K', '--key', '-p', '--password', '-R', '--root'],
  groupmod: ['-g', '--gid', '-n', '--new-name', '-p'],
  htpasswd: ['-C'],
  install: ['-m', '-o', '-g', '-t', '--mode', '--owner', '--group', '--target-directory', '-S'],
  keytool: [
    '-alias',
    '-keystore',
    '-storepass',
    '-keypass',
    '-file',
    '-keyalg',
    '-keysize',
    '-dname',
    '-validity',
    '-storetype',
    '-ext',
  ],
  lvcreate: ['-n', '--name', '-L', '--size', '-l', '--extents', '-T', '-V', '--type'],
  mkdir: ['-m', '--mode'],
  mkfifo: ['-m', '--mode'],
  mount: ['-t', '-o', '--types', '--options', '-L', '-U'],
  mysql: [
    '-u',
    '-h',
    '-P',
    '-D',
    '-e',
    '-S',
    '--user',
    '--host',
    '--port',
    '--database',
    '--execute',
  ],
  mysqladmin: ['-u', '-h', '-P', '-S', '--user', '--host', '--port', '--password'],
  openssl: [
    '-out',
    '-in',
    '-key',
    '-keyout',
    '-subj',
    '-days',
    '-newkey',
    '-CA',
    '-CAkey',
    '-config',
    '-extensions',
    '-extfile',
    '-signkey',
    '-set_serial',
    '-CAserial',
    '-passin',
    '-passout',
    '-pass',
    '-addext',
    '-name',
    '-inkey',
    '-certfile',
    '-reqexts',
    '-algorithm',
    '-pkeyopt',
    '-salt',
  ],
  patch: ['-i', '--input', '-d', '--directory', '-r', '--reject-file', '-o', '-p', '-B', '-F'],
  psql: [
    '-U',
    '-h',
    '-p',
    '-d',
    '-c',
    '-f',
    '-v',
    '-F',
    '--username',
    '--host',
    '--port',
    '--dbname',
    '--command',
    '--file',
    '--set',
  ],
  rabbitmqctl: ['-n', '--node', '-p', '--vhost', '-t', '--timeout'],
  'redis-cli': ['-h', '-p', '-a', '-n', '-u', '--user', '--pass'],
  semanage: ['-t', '--type', '-s', '--seuser', '-r', '--range', '-p', '--proto', '-f', '--ftype'],
  sqlite3: ['-cmd', '-separator', '-init', '-nullvalue'],
  'ssh-keygen': [
    '-t',
    '-b',
    '-f',
    '-N',
    '-C',
    '-O',
    '-m',
    '-P',
    '-V',
    '-I',
    '-n',
    '-z',
    '-a',
    '-Z',
  ],
  su: ['-c', '--command', '-s', '--shell', '-g', '--group'],
  swapon: ['-p', '--priority', '-L', '-U'],
  truncate: ['-s', '--size', '-r', '--reference'],
  unzip: ['-d', '-x', '-P'],
  usermod: [
    '-u',
    '-g',
    '-G',
    '-d',
    '-s',
    '-c',
    '-e',
    '-f',
    '-l',
    '-p',
    '--uid',
    '--gid',
    '--groups',
    '--home',
    '--shell',
    '--comment',
    '--login',
    '--password',
  ],
  'wp core': ['--path', '--locale', '--version'],
  'xargs sh': ['-c'],
};

/** Whether a flag of the command takes its value from the next word. */
const takesValue = (name: string, flag: string): boolean =>
  lookUp(valueFlags, name)?.includes(flag) === true;

/** The row of a program, or of its subcommand where that has one of its own: `-f` of `docker rm` takes no value. */
const rowOf = (name: string, args: readonly string[]): string => {
  const first = args.find((arg) => !arg.startsWith('-'));
  const own = `${name} ${first}`;
  return Object.hasOwn(valueFlags, own) ? own : name;
};

/** Words that run the command behind them: how many words to skip after the flags, and which flags take a value. */
export const wrappers: Readonly<
  Record<string, { readonly skip?: number; readonly values?: readonly string[] }>
> = {
  sudo: { values: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-D', '--user', '--group'] },
  doas: { values: ['-u', '-C'] },
  env: { values: ['-u', '-C', '-S', '--unset', '--chdir'] },
  command: {},
  builtin: {},
  exec: { values: ['-a'] },
  time: {},
  nohup: {},
  nice: { values: ['-n', '--adjustment'] },
  ionice: { values: ['-c', '-n'] },
  stdbuf: { values: ['-o', '-e', '-i'] },
  timeout: { skip: 1, values: ['-s', '-k', '--signal', '--kill-after'] },
  gosu: { skip: 1 },
  'su-exec': { skip: 1 },
  eatmydata: {},
  chronic: {},
  unbuffer: {},
  chroot: { skip: 1 },
  flock: { skip: 1, values: ['-w', '-E', '--wait', '--timeout', '--conflict-exit-code'] },
  xargs: {
    values: [
      '-n',
      '-P',
      '-I',
      '-L',
      '-d',
      '-s',
      '-a',
      '-E',
      '--max-args',
      '--max-procs',
      '--delimiter',
    ],
  },
  setsid: {},
  'xvfb-run': { values: ['-s', '--server-args', '-n', '--server-num'] },
};

/** Where the command stands behind `sudo -u x`, `env A=1`, `timeout 5` and the like, and what those are. */
export function unwrap(words: readonly string[]): {
  readonly front: readonly string[];
  readonly index: number;
} {
  const front: string[] = [];
  let index = 0;
  for (;;) {
    const name = words[index];
    const wrapper = lookUp(wrappers, name);
    if (!wrapper || !name) break;
    // `command -v` is a question of its own.
    if (name === 'command' && /^-[vV]/.test(words[index + 1] ?? '')) break;
    let next = index + 1;
    for (; next < words.length; next++) {
      const value = words[next]!;
      if ((name === 'env' || name === 'sudo') && /^\w+=/.test(value)) continue;
      if (!value.startsWith('-')) break;
      if (wrapper.values?.includes(value)) next++;
      else if (value === '--') {
        next++;
        break;
      }
    }
    next += wrapper.skip ?? 0;
    if (next >= words.length) break;
    front.push(name);
    index = next;
  }
  return { front, index };
}

/** Indices of the arguments that are neither flags nor values of flags. */
export function operandsAt(program: string, args: readonly string[]): number[] {
  const name = rowOf(program, args);
  const out: number[] = [];
  let flagsOver = false;
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!;
    if (flagsOver || !text.startsWith('-') || text === '-') {
      out.push(i);
      continue;
    }
    if (text === '--') {
      flagsOver = true;
      continue;
    }
    if (takesValue(name, text)) i++;
    else if (/^-[A-Za-z]{2,}$/.test(text)) {
      // In a cluster only the last flag can take the next word.
      if (takesValue(name, `-${text.at(-1)}`) && !clusterValue(name, text)) i++;
    }
  }
  return out;
}

/** Whether a cluster such as `-ofile` ends in a value instead of flags. */
function clusterValue(name: string, cluster: string): boolean {
  for (let i = 1; i < cluster.length - 1; i++) if (takesValue(name, `-${cluster[i]}`)) return true;
  return false;
}

/** Whether a flag is among the arguments: `-f` also inside a cluster such as `-fsSL`, `--fail` also as `--fail=x`. */
export function hasFlag(program: string, args: readonly string[], flag: string): boolean {
  const name = rowOf(program, args);
  const short = /^-[A-Za-z0-9]$/.test(flag) ? flag[1]! : undefined;
  for (const text of args) {
    if (text === '--') return false;
    if (text === flag || text.startsWith(`${flag}=`)) return true;
    if (short && /^-[A-Za-z0-9#]+/.test(text) && !text.startsWith('--')) {
      for (const letter of text.slice(1)) {
        if (letter === short) return true;
        if (takesValue(name, `-${letter}`)) break;
      }
    }
  }
  return false;
}

/** Where the value of a flag stands: `-o x`, `-ox`, `--output x`, `--output=x`. `from` is an offset in that argument. */
export function optionAt(
  program: string,
  args: readonly string[],
  flag: string,
): { readonly index: number; readonly from: number } | undefined {
  const name = rowOf(program, args);
  const short = /^-[A-Za-z0-9]$/.test(flag) ? flag[1]! : undefined;
  const next = (index: number) =>
    index + 1 < args.length ? { index: index + 1, from: 0 } : undefined;
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!;
    if (text === flag) return next(i);
    if (text.startsWith(`${flag}=`)) return { index: i, from: flag.length + 1 };
    if (short && /^-[A-Za-z0-9]/.test(text) && !text.startsWith('--')) {
      for (let at = 1; at < text.length; at++) {
        if (text[at] === short) return at + 1 < text.length ? { index: i, from: at + 1 } : next(i);
        if (takesValue(name, `-${text[at]}`)) break;
      }
    }
  }
  return undefined;
}
