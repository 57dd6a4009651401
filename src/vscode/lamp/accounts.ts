import * as vscode from 'vscode';
import { type Credential, isLoopback } from '../../pipeline/http';
import { isUnder } from '../../pipeline/remote';
import type { Service } from '../../pipeline/service';

/** A token the user entered, as it lies in VS Code's secret storage. */
interface Stored {
  readonly token: string;
  readonly scheme: NonNullable<Service['scheme']>;
  /** The user agreed that it goes over http without encryption. */
  readonly plain?: boolean;
}

const prefix = 'token:';
const originsKey = 'andon.origins';
const leftOutKey = 'andon.signedOut';
/** https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/entra */
const azureScope = '499b84ac-1321-427f-aa17-267ca6975798/.default';

/** The provider of VS Code that signs in to an origin, with what it is asked for. */
function providerOf(origin: string): readonly [id: string, scopes: readonly string[]] | undefined {
  if (origin === 'https://api.github.com') return ['github', ['repo']];
  if (origin === 'https://dev.azure.com') return ['microsoft', [azureScope]];
  // What a workspace says of it would lead the session of one server to another.
  const enterprise = vscode.workspace.getConfiguration('github-enterprise');
  const server = enterprise.inspect<string>('uri')?.globalValue;
  if (!server || !URL.canParse(server)) return undefined;
  const { protocol, host } = new URL(server);
  const api = isUnder(host, 'ghe.com') ? `${protocol}//api.${host}` : `${protocol}//${host}`;
  return origin === api ? ['github-enterprise', ['repo']] : undefined;
}

/**
 * Whose token goes where: VS Code's own sessions for GitHub and Azure, for the rest what the user entered, kept in VS
 * Code's secret storage under the very origin it was entered for. Silent unless the user asks to sign in.
 */
export class Accounts implements vscode.Disposable {
  readonly #extension: vscode.ExtensionContext;
  readonly #known = new Map<string, Promise<Credential | undefined>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #leaving = new vscode.EventEmitter<string>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #plain = new Set<string>();
  readonly #left = new Set<string>();
  #generation = 0;

  /** Fires when somebody signed in or out. */
  readonly onDidChange = this.#changed.event;
  /** Fires with an origin whose credential is no longer given out, and must not leave any more. */
  readonly onDidLeave = this.#leaving.event;

  constructor(extension: vscode.ExtensionContext) {
    this.#extension = extension;
    this.#subscriptions = [
      this.#changed,
      this.#leaving,
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (['github', 'github-enterprise', 'microsoft'].includes(provider.id)) this.#forget();
      }),
      extension.secrets.onDidChange(({ key }) => {
        if (!key.startsWith(prefix)) return;
        // Also of another window, where somebody may have signed out.
        this.#forget(key.slice(prefix.length));
      }),
    ];
  }

  /** The credential for exactly this origin; never asks the user. */
  credential(origin: string): Promise<Credential | undefined> {
    if (this.#left.has(origin)) return Promise.resolve(undefined);
    let known = this.#known.get(origin);
    if (!known) {
      const generation = this.#generation;
      known = this.#find(origin)
        .catch(() => undefined)
        // What was looked up while somebody signed in or out may be of the time before.
        .then((found) => (generation === this.#generation ? found : this.credential(origin)));
      this.#known.set(origin, known);
    }
    return known;
  }

  allowsPlain(origin: string): boolean {
    return this.#plain.has(origin);
  }

  /** Origins the user signed in to. */
  get origins(): readonly string[] {
    return this.#extension.globalState.get<readonly string[]>(originsKey) ?? [];
  }

  /** Signs in to the origin of a service, by VS Code's own session where there is one. Resolves to whether it did. */
  async signIn(origin: string, service: Service): Promise<boolean> {
    const { l10n, window } = vscode;
    await this.#leaveOut(origin, false);
    const provider = providerOf(origin);
    if (provider) {
      const [id, scopes] = provider;
      const session = await vscode.authentication
        .getSession(id, scopes, { createIfNone: true })
        .then(undefined, () => undefined);
      if (session) await this.#remember(origin);
      this.#forget();
      return session !== undefined;
    }
    const { hostname, protocol } = new URL(origin);
    const plain = protocol === 'http:' && !isLoopback(hostname);
    if (plain) {
      const send = l10n.t('Send Unencrypted');
      const message = l10n.t(
        '{0} is reached without encryption. Whoever is on the way can read the token.',
        origin,
      );
      const answer = await window.showWarningMessage(message, { modal: true }, send);
      if (answer !== send) return false;
    }
    const token = await window.showInputBox({
      title: l10n.t('Token for {0}', origin),
      prompt:
        service.scheme === 'basic'
          ? l10n.t(
              'A user name and a token, as user:token. It is kept by VS Code and sent to {0} only.',
              origin,
            )
          : l10n.t(
              'An access token that may read. It is kept by VS Code and sent to {0} only.',
              origin,
            ),
      password: true,
      ignoreFocusOut: true,
    });
    if (!token?.trim()) return false;
    const stored: Stored = { token: token.trim(), scheme: service.scheme ?? 'bearer', plain };
    await this.#remember(origin);
    await this.#extension.secrets.store(prefix + origin, JSON.stringify(stored));
    this.#forget();
    return true;
  }

  /**
   * Forgets the token of an origin, and no longer uses VS Code's session there. From the call on no request leaves with
   * it, whatever is still going on.
   */
  async signOut(origin: string): Promise<void> {
    this.#left.add(origin);
    this.#forget(origin);
    try {
      await this.#extension.secrets.delete(prefix + origin);
      const left = this.origins.filter((each) => each !== origin);
      await this.#extension.globalState.update(originsKey, left);
      await this.#leaveOut(origin, providerOf(origin) !== undefined);
    } finally {
      this.#left.delete(origin);
      this.#forget();
    }
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  /** What was known may be otherwise now; of `origin` nothing may leave any more. */
  #forget(origin?: string): void {
    this.#generation++;
    this.#known.clear();
    if (origin !== undefined) this.#leaving.fire(origin);
    this.#changed.fire();
  }

  async #remember(origin: string): Promise<void> {
    await this.#extension.globalState.update(originsKey, [...new Set([...this.origins, origin])]);
  }

  async #leaveOut(origin: string, out: boolean): Promise<void> {
    const { globalState } = this.#extension;
    const known = globalState.get<readonly string[]>(leftOutKey) ?? [];
    const others = known.filter((each) => each !== origin);
    await globalState.update(leftOutKey, out ? [...others, origin] : others);
  }

  async #find(origin: string): Promise<Credential | undefined> {
    const { secrets, globalState } = this.#extension;
    const stored = await secrets.get(prefix + origin);
    if (stored) {
      const { token, scheme, plain } = JSON.parse(stored) as Stored;
      if (plain) this.#plain.add(origin);
      return { authorization: headerOf(token, scheme), account: `token ${origin}` };
    }
    const provider = providerOf(origin);
    const leftOut = globalState.get<readonly string[]>(leftOutKey)?.includes(origin);
    if (!provider || leftOut) return undefined;
    const [id, scopes] = provider;
    const session = await vscode.authentication.getSession(id, scopes, { silent: true });
    if (!session) return undefined;
    const { accessToken, account } = session;
    return { authorization: `Bearer ${accessToken}`, account: `${id} ${account.id}` };
  }
}

function headerOf(token: string, scheme: Stored['scheme']): string {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  switch (scheme) {
    case 'basic':
      return `Basic ${encoded(token)}`;
    case 'basic-token':
      return `Basic ${encoded(`:${token}`)}`;
    case 'token':
      return `token ${token}`;
    case 'bearer':
      return `Bearer ${token}`;
  }
}
