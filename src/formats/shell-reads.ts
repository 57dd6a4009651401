import { lookUp } from '../text/look-up';
import type { Command, Script } from './shell-model';

/** Commands that change nothing outside the shell that runs them. */
const neutral: ReadonlySet<string> = new Set([
  ':',
  'cd',
  'exit',
  'export',
  'false',
  'local',
  'return',
  'set',
  'shift',
  'sleep',
  'true',
  'umask',
  'unset',
  'wait',
]);

/** Programs without a way to change anything, as far as people use them, and filters. */
const looks: ReadonlySet<string> = new Set([
  'apt-cache',
  'arch',
  'base64',
  'cksum',
  'column',
  'dirname',
  'dmidecode',
  'dpkg-architecture',
  'getconf',
  'getenforce',
  'getfacl',
  'getfattr',
  'groups',
  'last',
  'lastb',
  'ldd',
  'locate',
  'lscpu',
  'lsmod',
  'lsof',
  'lspci',
  'lsusb',
  'lvs',
  'md5sum',
  'modinfo',
  'netstat',
  'nl',
  'nslookup',
  'od',
  'paste',
  'pvs',
  'rev',
  'seq',
  'sestatus',
  'sha1sum',
  'sha256sum',
  'sha512sum',
  'shuf',
  'ss',
  'strings',
  'systemd-detect-virt',
  'systemd-escape',
  'tac',
  'tr',
  'uuidgen',
  'vgs',
  'vmstat',
  'w',
  'who',
  'xmllint',
  'xxd',
  'zcat',
]);

/** Programs that look when they are called so: the pattern is tried on their words, flags included. */
const looksWhen: Readonly<Record<string, RegExp>> = {
  ansible: /^--version/,
  apache2ctl: /^(?:-[tSMlvV]|configtest)\b/,
  apachectl: /^(?:-[tSMlvV]|configtest)\b/,
  apt: /^(?:list|show|policy|search)\b/,
  'apt-config': /^dump\b/,
  'apt-key': /^(?:list|finger|export)\b/,
  'apt-mark': /^show/,
  aws: /^(?:--\S+(?: (?!-)\S+)? )*[\w-]+ (?:describe|list|get)-/,
  brew: /^(?:list|info|--prefix|outdated|search|deps|config)\b/,
  ceph: /(?:^| )(?:-s|status|health|df|(?:mon|osd|mds|mgr|pg|fs) (?:stat|dump|ls|tree)|config get|auth (?:get|list|ls))(?: |$)/,
  chage: /^-l\b/,
  'cloud-init': /^status\b/,
  'firewall-cmd': /(?:^| )--(?:list|query|get|state|info)/,
  gem: /^(?:list|query|env|environment|contents|which)\b/,
  gpg: /(?:^| )--(?:verify|list-|fingerprint|with-colons|show-keys)/,
  grubby: /(?:^| )--(?:info|default)/,
  haproxy: /(?:^| )-c(?: |$)/,
  ip: /^(?:-\w+ )*(?:a|addr|address|l|link|r|ro|route|ru|rule|n|neigh)(?: (?:s|sh|show|list|get)\b.*)?$/,
  iptables: /(?:^| )(?:-[SL]|--list|--check|-C)\b/,
  ip6tables: /(?:^| )(?:-[SL]|--list|--check|-C)\b/,
  localectl: /^(?:status|list)/,
  loginctl: /^(?:list|show)/,
  mount: /^$/,
  mysql:
    /^(?:(?!\b(?:insert|update|delete|create|drop|alter|grant|set|flush|change|start|stop|load|source)\b).)*\b(?:select|show)\b(?:(?!\b(?:insert|update|delete|create|drop|alter|grant|set|flush|change|load)\b).)*$/i,
  'named-checkconf': /(?:)/,
  nginx: /^-[tTvV]+\b/,
  nmcli: /(?:^| )(?:show|status)\b/,
  npm: /^(?:ls|list|view|outdated|root|prefix|bin)\b/,
  oc: /^(?:get|describe|whoami|version|status|logs)\b/,
  openssl:
    /^(?:x509 .*-noout|version|verify|dgst|s_client|rsa .*-noout|crl .*-noout|req .*-noout)\b/,
  passwd: /^-S\b/,
  pip: /^(?:list|freeze|show|check)\b/,
  postconf: /^(?:-[dhnx]+ )*\w*$/,
  psql: /^(?:(?!\b(?:insert|update|delete|create|drop|alter|grant|revoke|set|copy|truncate|vacuum|do|call)\b).)*\b(?:select|show|\\l|\\d\w*)(?:(?!\b(?:insert|update|delete|create|drop|alter|grant|revoke|truncate|into|pg_\w*(?:promote|reload|create|drop|start|stop|terminate|switch|advisory)\w*|setval|nextval|set_config)\b).)*$/i,
  rabbitmqctl:
    /^(?:-\S+ )*(?:list_|status|cluster_status|environment|ping|report|node_health_check)/,
  'rabbitmq-plugins': /^(?:-\S+ )*list\b/,
  'redis-cli': /(?:^| )(?:ping|info|get|dbsize|cluster info)\b/i,
  rpm: /^(?:-q|--query|-V|--verify|--eval|-E)/,
  rsync: /(?:^| )(?:-\w*n\w*|--dry-run|--list-only)(?: |$)/,
  runuser: /^$/,
  ssh: /^-[QGV]\b/,
  'ssh-keygen': /(?:^| )-(?:l|F|y)\b/,
  'ssh-keyscan': /(?:)/,
  sshd: /^-[tT]\b/,
  sysctl: /^(?:-[AabdeNnqrx]+(?: |$))*(?:\w[\w./-]*(?: |$))*$/,
  systemctl: /(?:^| )(?:is-|status|show|list-|cat|get-default)/,
  timedatectl: /^(?:status|show|list-timezones)?$/,
  tuned: /^$/,
  'tuned-adm': /^(?:active|list|verify|recommend)\b/,
  ufw: /^(?:status|show)\b/,
  'update-alternatives': /(?:^| )--(?:query|display|list|get-selections)\b/,
  virsh: /(?:^| )(?:list|dominfo|domstate|net-list|net-info|pool-list|dumpxml|version)\b/,
  visudo: /(?:^| )-c/,
  vgdisplay: /(?:)/,
  lvdisplay: /(?:)/,
  pvdisplay: /(?:)/,
  yum: /^(?:-\S+ )*(?:list|info|repolist|check-update|search|provides|history(?: (?:list|info).*)?$)\b/,
  dnf: /^(?:-\S+ )*(?:list|info|repolist|check-update|search|provides|repoquery|history(?: (?:list|info).*)?$)\b/,
  zpool: /^(?:list|status|get)\b/,
  zfs: /^(?:list|get)\b/,
};

/** Programs of class read or probe that change something after all when they are called so. */
const changesWhen: Readonly<Record<string, RegExp>> = {
  awk: /\bprint[^;}]*>|\bsystem\(|-i inplace/,
  date: /(?:^| )(?:-\w*s|--set)|(?:^| )\d{8,}/,
  find: /(?:^| )-(?:delete|exec|execdir|ok|okdir|fls|fprint)/,
  git: /^(?:-\S+ \S+ )*(?:config(?! (?:.* )?(?:--get|--list|-l|--get-all|--get-regexp)\b)|(?:fetch|clone|pull))/,
  hostname: /^[^-]/,
  journalctl: /--(?:vacuum|rotate|flush|relinquish|sync)/,
  kubectl: /^(?:--\S+ )*config (?!view|current-context|get-)/,
  npm: /^(?:config (?!get|list|ls)|cache)/,
  sed: /(?:^| )(?:-\w*i|--in-place)|(?:^| )'?w /,
  sort: /(?:^| )(?:-\w*o|--output)/,
  yq: /(?:^| )(?:-i|--inplace)/,
  uniq: /^(?:-\S+ )*[^- ]\S* \S/,
};

/** Flags by which any program tells of itself and does nothing else. */
const tellsOfItself = /^(?:--?version|-V|version|--help)$/;

/** curl that asks by GET and prints. */
const asksByGet = (command: Command) =>
  !command.has(
    '-o',
    '--output',
    '-O',
    '--remote-name',
    '-d',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-urlencode',
    '--json',
    '-F',
    '--form',
    '-T',
    '--upload-file',
    '-c',
    '--cookie-jar',
    '-K',
  ) && /^(?:GET|HEAD)?$/i.test(command.option('-X', '--request')?.value ?? '');

function onlyLooks(command: Command): boolean {
  const { name } = command;
  if (name === undefined) return command.word === undefined;
  if (neutral.has(name) || looks.has(name)) return true;
  if (command.args.length === 1 && tellsOfItself.test(command.args[0]!.value ?? '')) return true;
  const words = command.args.map((arg) => arg.value ?? arg.text).join(' ');
  const pattern = lookUp(looksWhen, name);
  if (pattern?.test(words)) return true;
  if (name === 'sed' || name === 'git' || isLook(command)) {
    if (name === 'git' && !isLook(command)) return false;
    return !lookUp(changesWhen, name)?.test(words);
  }
  return name === 'curl' && asksByGet(command);
}

const isLook = ({ class: kind }: Command) =>
  kind === 'read' || kind === 'probe' || kind === 'print';

/** Nothing is written but to /dev/null. */
const keepsOutput = (command: Command) =>
  command.redirects.every(
    ({ operator, target, heredoc }) =>
      heredoc !== undefined ||
      operator.startsWith('<') ||
      operator.endsWith('&') ||
      target?.value === '/dev/null' ||
      /^&?[\d-]$/.test(target?.value ?? ''),
  );

/**
 * Whether the script changes nothing on its machine: each command only looks and nothing is written. A command that
 * is not known counts as changing something.
 */
export function onlyReads(script: Script): boolean {
  const { commands } = script;
  return (
    commands.some(({ name }) => name !== undefined) &&
    commands.every((command) => onlyLooks(command) && keepsOutput(command))
  );
}
