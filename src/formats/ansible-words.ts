import { lookUp } from '../text/look-up';

/**
 * Keys a task, block or handler may have besides its module
 * (https://docs.ansible.com/ansible/latest/reference_appendices/playbooks_keywords.html), the ones of Ansible 1 included.
 */
const taskKeywords: ReadonlySet<string> = new Set([
  'action',
  'always_run',
  'any_errors_fatal',
  'args',
  'async',
  'become',
  'become_exe',
  'become_flags',
  'become_method',
  'become_user',
  'changed_when',
  'check_mode',
  'collections',
  'connection',
  'debugger',
  'delay',
  'delegate_facts',
  'delegate_to',
  'diff',
  'environment',
  'failed_when',
  'first_available_file',
  'ignore_errors',
  'ignore_unreachable',
  'listen',
  'local_action',
  'loop',
  'loop_control',
  'module_defaults',
  'name',
  'no_log',
  'notify',
  'poll',
  'port',
  'register',
  'remote_user',
  'retries',
  'run_once',
  'sudo',
  'sudo_user',
  'tags',
  'throttle',
  'timeout',
  'until',
  'vars',
  'when',
]);

/** Whether a key of a task is a keyword, so not its module. */
export const isTaskKeyword = (key: string): boolean =>
  taskKeywords.has(key) || key.startsWith('with_');

/** Collections whose modules are known by their short name as well. */
const collections =
  /^(?:ansible\.(?:builtin|legacy|posix|windows|netcommon|utils)|community\.\w+|containers\.podman|kubernetes\.core|amazon\.aws|chocolatey\.chocolatey)\.(\w+)$/;

/** Modules that do the same under two names. */
const sameModule: Readonly<Record<string, string>> = {
  systemd_service: 'systemd',
  include: 'include_tasks',
  dnf5: 'dnf',
};

/** The name rules ask for: `ansible.builtin.systemd_service` is `systemd`. Modules of unknown collections keep theirs. */
export function shortModule(written: string): string {
  const short = collections.exec(written)?.[1] ?? written;
  return lookUp(sameModule, short) ?? short;
}

/** Modules that hand their text to a program on the machine. */
export const commandModules: ReadonlySet<string> = new Set([
  'command',
  'shell',
  'raw',
  'script',
  'win_command',
  'win_shell',
]);

/** Arguments that may stand inside the free-form text of a command module; all else belongs to the command. */
export const commandArguments: ReadonlySet<string> = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
  'expand_argument_vars',
]);

/** Modules that install software by name and know `state: latest`. */
export const packageModules: ReadonlySet<string> = new Set([
  'apk',
  'apt',
  'apt_rpm',
  'bower',
  'cpanm',
  'dnf',
  'easy_install',
  'flatpak',
  'gem',
  'homebrew',
  'homebrew_cask',
  'layman',
  'macports',
  'npm',
  'openbsd_pkg',
  'opkg',
  'package',
  'pacman',
  'pip',
  'pipx',
  'pkg5',
  'pkgin',
  'pkgng',
  'pkgutil',
  'portage',
  'slackpkg',
  'snap',
  'sorcery',
  'swdepot',
  'swupd',
  'urpmi',
  'win_chocolatey',
  'win_package',
  'xbps',
  'yarn',
  'yum',
  'zypper',
]);

/** Modules that start and stop services. */
export const serviceModules: ReadonlySet<string> = new Set([
  'openwrt_init',
  'runit',
  'service',
  'supervisorctl',
  'systemd',
  'sysvinit',
  'win_service',
]);

/** Modules that only look: their failure tells that something is not there. */
export const looksOnly = (module: string): boolean =>
  /_(?:facts|info)$|^(?:setup|stat|slurp|find|ping|debug|assert|fail|gather_facts|package_facts|service_facts|getent|pause|validate_argument_spec|win_stat|win_ping|win_find)$/.test(
    module,
  );

/**
 * Keys of list items that stand in Ansible's task files and hardly anywhere else. `command`, `file`, `name` and the
 * like are left out: other lists have them too.
 */
const distinctive =
  /^(?:[a-z]\w*\.[a-z]\w*\.[a-z]\w*|become(?:_user|_method)?|changed_when|failed_when|ignore_errors|register|notify|delegate_to|run_once|no_log|check_mode|local_action|with_(?:items|dict|fileglob|together|nested|sequence|subelements|first_found|indexed_items|flattened)|loop_control|set_fact|include_tasks|import_tasks|include_vars|include_role|import_role|lineinfile|blockinfile|get_url|unarchive|apt|apt_key|apt_repository|yum|yum_repository|dnf|sysctl|authorized_key|add_host|group_by|wait_for|win_\w+|docker_(?:container|image|network|volume)|gem|homebrew|systemd|selinux|firewalld|modprobe|synchronize|replace|assemble|slurp|tempfile|package_facts|assert)$/;

/** Keys that tell tasks in a folder that is Ansible's by its name. */
const plain =
  /^(?:command|shell|raw|script|copy|file|template|service|package|user|group|git|stat|debug|fail|cron|fetch|find|uri|pip|npm|meta|include|pause|mount|hostname|ping|setup|block|action|when|tags|reboot|mysql_\w+|postgresql_\w+)$/;

const playKeys = /^(?:hosts|import_playbook|ansible\.builtin\.import_playbook)$/;

/** What a text that is a list at its margin holds, by the keys of its items; undefined where it is no list. */
export function kindOfList(
  text: string,
): 'playbook' | 'tasks' | 'perhaps-tasks' | 'list' | undefined {
  const first =
    /^(?:\uFEFF|[ \t]*(?:#[^\r\n]*|---[^\r\n]*|%[^\r\n]*)?\r?\n)*([ \t]*)-[ \t]+\S/.exec(text);
  if (!first) return undefined;
  const margin = first[1]!.length;
  let likely = false;
  let at = -1;
  const lines = /^([ \t]*)(-[ \t]+)?["']?([a-z][\w.]*)["']?[ \t]*:(?=\s|$)/gm;
  let tasks = false;
  for (const match of text.matchAll(lines)) {
    const indent = match[1]!.length;
    if (match[2]) {
      if (indent !== margin) continue;
      at = indent + match[2].length;
    } else if (indent !== at) continue;
    const key = match[3]!;
    if (playKeys.test(key)) return 'playbook';
    if (distinctive.test(key)) tasks = true;
    else if (plain.test(key)) likely = true;
  }
  return tasks ? 'tasks' : likely ? 'perhaps-tasks' : 'list';
}

/** Words for taking something away. */
const takingAway =
  'clean(?:up|s|ing)?|deactivate|delet(?:e|es|ing)|deregister|destroy|disable|drain|kill|purge|remov(?:e|es|al|ing)|reset|shrink|stop|tear(?:down)?|umount|uninstall|unload|unmask|unmount|unregister|unsubscribe|wipe|zap';

/** A text that says something is taken away: that it was gone already is no failure. */
export const takesAway = new RegExp(`\\b(?:${takingAway})\\b`, 'i');

const oneOff = new RegExp(
  `\\b(?:${takingAway}|add|adopt|backup|bootstrap|collect|convert|migrat(?:e|ion)|recover|remove|replace|restore|rolling|rollback|scale|switch|upgrade|update)\\b`,
  'i',
);

/** Whether a file is a procedure run on purpose, such as an upgrade, by its path: there each run changes something. */
export const isOneOff = (path: string): boolean => oneOff.test(path.replace(/[_./-]/g, ' '));

/** A text that says upgrading is what it is about. */
export const upgrades =
  /\b(?:patch(?:es|ing)?|up-?dat(?:e|es|ed|ing)|up to date|up-?grad(?:e|es|ed|ing)|latest|newest)\b/i;

/** `yes`, `True`, `on`, `1`: https://docs.ansible.com/ansible/latest/reference_appendices/YAMLSyntax.html. */
export const isYes = (text: string): boolean => /^(?:yes|true|on|y|t|1)$/i.test(text);
/** `no`, `False`, `off`, `0`. */
export const isNo = (text: string): boolean => /^(?:no|false|off|n|f|0)$/i.test(text);
