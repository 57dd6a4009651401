import assert from 'node:assert/strict';
import { spoken } from '../src/engine/said';
import type { ShellFacts } from '../src/formats/shell';
import { type Script, shell } from '../src/formats/shell';
import { repair } from '../src/rerun/repair';
import { type Told, troubles } from '../src/rerun/trouble';
import { parseShell } from '../src/syntax/shell';
import { loadGrammar } from '../src/syntax/tree-sitter';
import { applyEdits } from '../src/text/edit';
import { Source } from '../src/text/source';
import './grammars';

const facts: ShellFacts = {
  dialect: 'bash',
  stopsOnError: true,
  pipefail: false,
  machine: 'lasting',
  use: 'provisioning',
  directory: '',
};

function toldOf(text: string, given: Partial<ShellFacts> = {}): readonly Told[] {
  const document = shell.parse(Source.file('setup.sh', text), { ...facts, ...given });
  return troubles((document as typeof document & { readonly script: Script }).script);
}

/** Repairs the first place that has a repair. */
function repaired(text: string, given: Partial<ShellFacts> = {}) {
  for (const told of toldOf(text, given)) {
    const fix = repair(told);
    if (fix) return { text: applyEdits(text, fix.edits), safe: fix.safe };
  }
  return undefined;
}

describe('repairs of what a second run does', () => {
  before(() => loadGrammar('bash'));

  /** What is written, and what it becomes. `safe` where it is applied without being asked. */
  const rows: readonly [before: string, after: string, safe?: 'safe'][] = [
    ['mkdir /srv/a', 'mkdir -p /srv/a', 'safe'],
    ['sudo mkdir -m 700 /srv/a', 'sudo mkdir -p -m 700 /srv/a', 'safe'],
    ['ln -s /opt/a.sh /srv/a', 'ln -sfn /opt/a.sh /srv/a', 'safe'],
    ['rm /srv/a', 'rm -f /srv/a', 'safe'],
    ['unlink /srv/a', 'rm -f /srv/a', 'safe'],
    ['rmdir /srv/a', '[ ! -d /srv/a ] || rmdir /srv/a', 'safe'],
    ['mv /srv/a.txt /srv/b.txt', '[ ! -e /srv/a.txt ] || mv /srv/a.txt /srv/b.txt'],
    ['useradd -m app', 'id -u app >/dev/null 2>&1 || useradd -m app'],
    ['groupadd app', 'groupadd -f app', 'safe'],
    ['addgroup app', 'getent group app >/dev/null 2>&1 || addgroup app'],
    ['userdel app', '! id -u app >/dev/null 2>&1 || userdel app'],
    ['kubectl create -f a.yaml', 'kubectl apply -f a.yaml', 'safe'],
    [
      'kubectl create namespace shop',
      'kubectl create namespace shop --dry-run=client -o yaml | kubectl apply -f -',
      'safe',
    ],
    ['kubectl delete pod web', 'kubectl delete --ignore-not-found pod web', 'safe'],
    ['helm install web ./chart', 'helm upgrade --install web ./chart', 'safe'],
    ['helm uninstall web', 'helm uninstall --ignore-not-found web', 'safe'],
    [
      'docker run -d --name web nginx',
      'docker container inspect web >/dev/null 2>&1 || docker run -d --name web nginx',
    ],
    [
      'sudo docker network create back',
      'sudo docker network inspect back >/dev/null 2>&1 || sudo docker network create back',
    ],
    ['docker rm web', 'docker rm -f web'],
    ['git clone https://example.com/a.git', '[ -d a ] || git clone https://example.com/a.git'],
    [
      'git clone https://example.com/a.git /srv/a',
      '[ -d /srv/a ] || git clone https://example.com/a.git /srv/a',
    ],
    ['git tag v1', 'git rev-parse -q --verify refs/tags/v1 >/dev/null 2>&1 || git tag v1'],
    ['git checkout -b work', 'git checkout -B work'],
    [
      'git remote add up https://example.com/a.git',
      'git remote get-url up >/dev/null 2>&1 || git remote add up https://example.com/a.git',
    ],
    [
      'iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
      'iptables -C INPUT -p tcp --dport 80 -j ACCEPT 2>/dev/null || iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
    ],
    [
      'iptables -t nat -I POSTROUTING 1 -j MASQUERADE',
      'iptables -t nat -C POSTROUTING -j MASQUERADE 2>/dev/null || iptables -t nat -I POSTROUTING 1 -j MASQUERADE',
    ],
    ['ip addr add 10.0.0.2/24 dev eth0', 'ip addr replace 10.0.0.2/24 dev eth0'],
    [
      'ip link add br0 type bridge',
      'ip link show br0 >/dev/null 2>&1 || ip link add br0 type bridge',
    ],
    [
      "echo 'a b' >> /etc/a.conf",
      "grep -qsxF -- 'a b' /etc/a.conf || echo 'a b' >> /etc/a.conf",
      'safe',
    ],
    [
      'echo a >> "$HOME/.profile"',
      'grep -qsxF -- \'a\' "$HOME/.profile" || echo a >> "$HOME/.profile"',
      'safe',
    ],
    [
      'echo a | sudo tee -a /etc/a.conf',
      "sudo grep -qsxF -- 'a' /etc/a.conf || echo a | sudo tee -a /etc/a.conf",
      'safe',
    ],
    ['unzip /opt/a.zip -d /srv/a', 'unzip -o /opt/a.zip -d /srv/a'],
    ['gunzip -k /opt/a.gz', 'gunzip -f -k /opt/a.gz'],
    [
      'gpg --dearmor -o /srv/k.gpg /srv/k.asc',
      'gpg --batch --yes --dearmor -o /srv/k.gpg /srv/k.asc',
    ],
    ["ssh-keygen -N '' -f /srv/k", "[ -f /srv/k ] || ssh-keygen -N '' -f /srv/k"],
    ['openssl genrsa -out /srv/k 2048', '[ -f /srv/k ] || openssl genrsa -out /srv/k 2048'],
    ['mount /dev/sdb1 /data', 'mountpoint -q /data || mount /dev/sdb1 /data'],
    [
      'sudo -u postgres createdb shop',
      "sudo -u postgres psql -lqt | cut -d'|' -f1 | grep -qw -- shop || sudo -u postgres createdb shop",
    ],
    ['mysql -e "CREATE DATABASE shop"', 'mysql -e "CREATE DATABASE IF NOT EXISTS shop"'],
    ['psql -c "create table a (b int)"', 'psql -c "create table if not exists a (b int)"'],
    [
      'terraform workspace new prod',
      'terraform workspace select prod >/dev/null 2>&1 || terraform workspace new prod',
    ],
    [
      "sed -i '1i # managed here' /etc/a.conf",
      "grep -qF -- '# managed here' /etc/a.conf || sed -i '1i # managed here' /etc/a.conf",
    ],
    [
      "sed -i 's/quiet/quiet splash/' /etc/a.conf",
      "grep -qF -- 'quiet splash' /etc/a.conf || sed -i 's/quiet/quiet splash/' /etc/a.conf",
    ],
    // Inside a list the question and the command keep together.
    [
      "true && echo 'a b' >> /etc/a.conf && true",
      "true && { grep -qsxF -- 'a b' /etc/a.conf || echo 'a b' >> /etc/a.conf; } && true",
      'safe',
    ],
    [
      'f() {\n  useradd "$1"\n}\nf app',
      'f() {\n  id -u "$1" >/dev/null 2>&1 || useradd "$1"\n}\nf app',
    ],
  ];
  for (const [before, after, safe] of rows) {
    it(before.replaceAll('\n', ' ⏎ '), () => {
      const first = repaired(before);
      assert.ok(first, `no repair; told: ${toldOf(before).map(({ trouble }) => trouble)}`);
      assert.equal(first.text, after);
      assert.equal(first.safe, safe === 'safe');
      assert.deepEqual(
        toldOf(after).map(({ run }) => `${run.effect} ${spoken(run.about)}`),
        [],
        'the second run still does something',
      );
      assert.equal(repaired(after), undefined, 'repaired once more');
      assert.deepEqual(parseShell(after).problems, []);
    });
  }

  it('what it does not fit is left alone', () => {
    for (const text of [
      // Text of several lines, or with backslashes.
      'cat >> /etc/a.conf <<END\na\nb\nEND',
      "echo -e 'a\\tb' >> /etc/a.conf",
      'printf "%s\\n" a b >> /etc/a.conf',
      'for i in a b; do echo $i >> /etc/a.conf; done',
      'docker run -d nginx',
    ]) {
      assert.equal(repaired(text), undefined, text);
    }
  });

  it('words without a shell get no operators', () => {
    assert.equal(repaired('useradd app', { wordsOnly: true }), undefined);
    assert.equal(repaired('mkdir /srv/a', { wordsOnly: true })?.text, 'mkdir -p /srv/a');
  });
});
