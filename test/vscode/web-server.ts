import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, relative, resolve, sep } from 'node:path';
import { ensureServer } from './install';

/** What to open in a VS Code that has no server: everything, extensions included, runs in the browser. */
export interface WebOptions {
  /** The folder to open; the window gets a copy of its files, in memory. */
  readonly folder: string;
  /** The folder of the extension, served as a marketplace would. */
  readonly extensionPath: string;
  /** Settings, over VS Code's own defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A VS Code that waits for a browser. */
export interface ServedWeb {
  readonly address: string;
  /** For what the browser keeps, in `tmp` and beside it; is removed at the end. */
  readonly dir: string;
  close(): Promise<void>;
}

const kinds: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** Serves VS Code for the web, as vscode.dev does, on a port of 127.0.0.1. */
export async function serveWeb(options: WebOptions): Promise<ServedWeb> {
  const vscode = resolve((await ensureServer()).server, '../..');
  const workbench = join(vscode, 'out/vs/code/browser/workbench/workbench.js');
  const places: Readonly<Record<string, string>> = {
    vscode,
    andon: resolve(options.extensionPath),
    files: join(__dirname, 'web'),
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const { port } = server.address() as AddressInfo;
    if (path === '/') return send(response, page(vscode, options, port), '.html');
    if (path === '/content.json') return send(response, content(options.folder), '.json');
    const [, place = '', ...rest] = path.split('/');
    const root = places[place];
    const file = root && resolve(root, ...rest);
    if (!file?.startsWith(`${root}${sep}`) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
    } else if (file === workbench) send(response, withoutServer(readFileSync(file, 'utf8')), '.js');
    else send(response, readFileSync(file), extname(file));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  const dir = mkdtempSync(join(tmpdir(), 'andon-web-'));
  mkdirSync(join(dir, 'tmp'));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    dir,
    async close() {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/**
 * VS Code's workbench as it is on vscode.dev: code-server's changes to it, which tie the window and the user's settings
 * to a server, are taken back.
 */
function withoutServer(workbench: string): string {
  const changes: readonly [RegExp, string][] = [
    [/(\{\.\.\.JSON\.parse\(\w+\)),remoteAuthority:location\.host\}/, '$1}'],
    [
      /(get userRoamingDataHome\(\)\{return )\w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)/,
      '$1$2.file("/User").with({scheme:$3.vscodeUserData})',
    ],
  ];
  return changes.reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`the workbench does not hold ${pattern.source}`);
    return text.replace(pattern, replacement);
  }, workbench);
}

function send(response: ServerResponse, body: string | Buffer, kind: string): void {
  const type = kinds[kind] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type }).end(body);
}

/** The window's page: VS Code's own, its placeholders filled in. */
function page(vscode: string, { settings = {} }: WebOptions, port: number): string {
  const uri = (path: string) => ({ scheme: 'http', authority: `127.0.0.1:${port}`, path });
  const configuration = {
    folderUri: { scheme: 'andon-files', authority: '', path: '/' },
    additionalBuiltinExtensions: [uri('/files'), uri('/andon')],
    configurationDefaults: settings,
    enableWorkspaceTrust: false,
    // code-server's own options, without which its workbench does not start.
    isEnabledFileDownloads: false,
    isEnabledFileUploads: false,
    isEnabledCoderGettingStarted: false,
    userDataPath: '/',
    productConfiguration: { enableTelemetry: false, extensionsGallery: undefined },
  };
  const values: Readonly<Record<string, string>> = {
    WORKBENCH_WEB_CONFIGURATION: attribute(configuration),
    WORKBENCH_WEB_BASE_URL: '/vscode',
    WORKBENCH_AUTH_SESSION: '',
    WORKBENCH_NLS_FALLBACK_URL: '/vscode/out/nls.messages.js',
    WORKBENCH_NLS_URL: '/vscode/out/nls.messages.js',
  };
  return readFileSync(join(vscode, 'out/vs/code/browser/workbench/workbench.html'), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => values[name] ?? '',
  );
}

const attribute = (value: unknown): string =>
  JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The texts of a folder's files by their path. */
function content(folder: string): string {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files[relative(folder, file).split(sep).join('/')] = readFileSync(file, 'utf8');
  }
  return JSON.stringify(files);
}
