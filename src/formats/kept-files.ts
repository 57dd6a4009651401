import { defineFormat, type Probe, type Visit } from '../engine/format';
import type { Located } from '../text/range';

/** What a program wrote down for itself, or was handed to keep: a file that belongs beside a repository, not into it. */
export type KeptKind =
  | 'terraform-state'
  | 'vagrant-machine'
  | 'vault-password'
  | 'kubeconfig'
  | 'private-key';

export interface KeptFile extends Located {
  readonly kind: KeptKind;
}

export type KeptNodes = { file: KeptFile };

/** Keys with words in braces, dollars or angle brackets are filled in elsewhere. */
const filledIn = /\{\{|\$\{|<%|<[a-z-]+>/i;

const kinds: readonly {
  readonly kind: KeptKind;
  readonly path: RegExp;
  readonly text: (text: string) => boolean;
}[] = [
  {
    // https://developer.hashicorp.com/terraform/language/state; one without resources, and one OpenTofu has encrypted,
    // gives nothing away and is in nobody's way.
    kind: 'terraform-state',
    path: /\.tfstate(?:\.\d+)?(?:\.backup)?$/,
    // A list of resources since version 4, a map of them before.
    text: (text) => /^\s*\{/.test(text) && /"resources"\s*:\s*(?:\[\s*)?\{\s*"/.test(text),
  },
  {
    // https://developer.hashicorp.com/vagrant/docs/other/environmental-variables#vagrant_dotfile_path
    kind: 'vagrant-machine',
    path: /(?:^|\/)\.vagrant\/machines\/[^/]+\/[^/]+\/id$/,
    text: (text) => text.trim() !== '',
  },
  {
    // https://docs.ansible.com/ansible/latest/vault_guide/vault_managing_passwords.html; a script that asks for the
    // password elsewhere is what is advised.
    kind: 'vault-password',
    path: /(?:^|\/)\.?(?:ansible[-_.]?)?vault[-_.]?pass(?:word|wd)?(?:[-_.]file)?(?:\.txt)?$/i,
    text: (text) => /^\s*[^\s#$]\S*\s*$/.test(text) && !filledIn.test(text),
  },
  {
    // https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
    kind: 'kubeconfig',
    path: /(?:^|\/)(?:\.kube\/config|[\w.-]*kubeconfig[\w-]*(?:\.ya?ml|\.conf)?)$/i,
    text: (text) =>
      /^kind:\s*["']?Config["']?\s*$/m.test(text) &&
      /^\s+(?:client-key-data|token|password):\s*["']?[\w+/=.-]{8,}/m.test(text) &&
      !filledIn.test(text),
  },
  {
    kind: 'private-key',
    path: /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key))$/,
    text: (text) =>
      /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s/m.test(text) &&
      // One with a passphrase is of no use without it.
      !/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text) &&
      !filledIn.test(text),
  },
];

const kindOf = (file: Pick<Probe, 'path' | 'text'>): KeptKind | undefined =>
  kinds.find(({ path, text }) => path.test(file.path) && text(file.text))?.kind;

/**
 * Files that programs keep beside what people write: state, machines, credentials. They are recognised and not read:
 * no part of them is in any node, and no finding points at one of their characters.
 */
export const keptFiles = defineFormat<KeptNodes, { readonly kind: KeptKind | undefined }>({
  id: 'kept-files',
  title: 'State or credential of a tool',
  files: [
    '**/*.tfstate',
    '**/*.tfstate.*',
    '**/.vagrant/machines/*/*/id',
    '**/*vault*pass*',
    '**/.kube/config',
    '**/*kubeconfig*',
    '**/id_{rsa,dsa,ecdsa,ed25519}',
    '**/*.{pem,key}',
  ],
  nodes: ['file'],
  recognises: (file) => (kindOf(file) ? 'by-name' : undefined),
  alone: (file) => ({ kind: kindOf(file) }),
  parse: (source, { kind }) => ({
    source,
    problems: [],
    embedded: [],
    *walk(): Iterable<Visit<KeptNodes>> {
      if (kind) yield ['file', { kind, range: [0, 0] }];
    },
  }),
});
