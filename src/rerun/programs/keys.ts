import type { Answer, Call, Programs } from '../call';
import type { Text } from '../text';

/** Writes new random content to a file; prints it where no file is named. */
function renew(call: Call, file: Text | undefined): Answer {
  const data = `${call.world.unknowns.varying(call.name)}\n`;
  if (file === undefined) return { out: data };
  call.world.write(call.path(file), data, call.by);
  return {};
}

/** https://docs.openssl.org/3.0/man1/: keys, parameters and salts are drawn anew, certificates bear the time. */
function openssl(call: Call): Answer {
  const [does = ''] = call.operands;
  const to = call.option('-out');
  const derived = (...files: readonly (Text | undefined)[]): Answer => {
    const from = files
      .map((file) => (file === undefined ? '' : call.world.read(call.path(file))))
      .join('');
    const data = `${call.world.unknowns.derived(`openssl ${call.args.join(' ')}`, from || (call.stdin ?? ''))}\n`;
    if (to === undefined) return { out: data };
    call.world.write(call.path(to), data, call.by);
    return {};
  };
  switch (does) {
    case 'genrsa':
    case 'genpkey':
    case 'gendsa':
    case 'dhparam':
    case 'rand': {
      const last = call.operands.at(-1);
      const given =
        does === 'rand'
          ? to
          : (to ?? (last !== does && /[./]/.test(last ?? '') ? last : undefined));
      return renew(call, given);
    }
    case 'ecparam':
      return call.has('-genkey') ? renew(call, to) : derived();
    case 'passwd':
      return call.has('-salt')
        ? { out: call.output() }
        : { out: `${call.world.unknowns.varying('openssl passwd')}\n` };
    case 'req': {
      const key = call.option('-keyout');
      const makesKey = call.has('-newkey') || key !== undefined;
      if (makesKey && key !== undefined) renew(call, key);
      if (call.has('-x509') || makesKey) return renew(call, to);
      return derived(call.option('-key'), call.option('-config'));
    }
    case 'x509':
      return call.has('-req') ? renew(call, to) : derived(call.option('-in'));
    case 'ca':
      return renew(call, to);
    case 'pkcs12':
      return call.has('-export') ? renew(call, to) : derived(call.option('-in'));
    case 'enc':
      return call.has('-d', '-nosalt') ? derived(call.option('-in')) : renew(call, to);
    default:
      return derived(call.option('-in'));
  }
}

/** https://man.openbsd.org/ssh-keygen: asks before it overwrites a key, and gives up without a terminal. */
function sshKeygen(call: Call): Answer {
  if (call.has('-A')) {
    // Host keys that are missing are made.
    const gone = '/etc/ssh/ssh_host_*_key*';
    const isGone = /ssh_host/.test([...call.world.removed()].join(' '));
    if (isGone) call.world.write(gone, call.world.unknowns.varying('ssh-keygen'), call.by);
    return {};
  }
  if (call.has('-l', '-y', '-F', '-R', '-p', '-e', '-H', '-s', '-r', '-K')) {
    return { out: call.output() };
  }
  const file = call.option('-f') ?? `${call.home}/.ssh/id_rsa`;
  const key = call.path(file);
  if (call.world.at(key)?.present && !/^\s*y/i.test(call.stdin ?? '')) {
    return call.fail(1, { kind: 'asks', key });
  }
  renew(call, file);
  renew(call, `${file}.pub`);
  return {};
}

/** https://www.gnupg.org/documentation/manuals/gnupg/: --output asks before it overwrites. */
function gpg(call: Call): Answer {
  const to = call.option('-o', '--output');
  if (to === undefined) {
    if (call.has('--gen-key', '--full-generate-key', '--quick-generate-key', '--quick-gen-key')) {
      call.world.add('key:of gpg', `${call.world.unknowns.varying('gpg')}\n`, call.by);
      return {};
    }
    return {
      out: `${call.world.unknowns.derived(`gpg ${call.args.join(' ')}`, call.stdin ?? '')}\n`,
    };
  }
  if (to === '-') return { out: call.output(call.stdin) };
  const key = call.path(to);
  if (call.world.at(key)?.present && !call.has('--yes')) return call.fail(2, { kind: 'asks', key });
  const data = call.world.unknowns.derived(`gpg ${call.args.join(' ')}`, call.stdin ?? '');
  call.world.write(key, `${data}\n`, call.by);
  return {};
}

/** https://httpd.apache.org/docs/2.4/programs/htpasswd.html */
function htpasswd(call: Call): Answer {
  // SHA-1 has no salt.
  const salt = call.has('-s') ? call.output() : call.world.unknowns.varying('htpasswd');
  if (call.has('-n')) return { out: `${salt}\n` };
  if (call.has('-D', '-v')) return {};
  const [file, user] = call.operands;
  if (file === undefined) return {};
  const key = call.path(file);
  if (call.has('-c')) call.world.write(key, `${user}:${salt}\n`, call.by);
  else call.world.write(`password:${user} in ${file}`, salt, call.by, 'salts');
  return {};
}

/** A password is stored with a new salt each time; another password is another matter. */
function chpasswd(call: Call): Answer {
  const text = call.stdin ?? '';
  const encrypted = call.has('-e', '--encrypted');
  const varies = call.world.unknowns.varies(text);
  const key = `password:${text.split(':')[0]}`;
  if (encrypted && call.world.at(key)?.content === text) return {};
  if (varies || encrypted) call.world.write(key, text, call.by);
  else call.world.write(key, call.world.unknowns.varying('salt'), call.by, 'salts');
  return {};
}

/** `passwd user`, fed from a pipe: another salt each time. */
function passwd(call: Call): Answer {
  if (call.stdin === undefined || call.has('-l', '-u', '-S', '-d', '-e'))
    return { out: call.output() };
  const key = `password:${call.operands[0] ?? 'of this user'}`;
  if (call.world.unknowns.varies(call.stdin)) call.world.write(key, call.stdin, call.by);
  else call.world.write(key, call.world.unknowns.varying('salt'), call.by, 'salts');
  return {};
}

export const keys: Programs = {
  passwd,
  openssl,
  'ssh-keygen': sshKeygen,
  gpg,
  gpg2: gpg,
  htpasswd,
  chpasswd,
  wg: (call) =>
    /^gen(?:key|psk)$/.test(call.operands[0] ?? '')
      ? { out: `${call.world.unknowns.varying('wg')}\n` }
      : { out: call.output(call.stdin) },
};
