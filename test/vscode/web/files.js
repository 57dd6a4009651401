// Runs in the web extension host of VS Code. A folder in memory, with what /content.json of the page's server holds.
const { EventEmitter, FileSystemError, FileType, workspace } = require('vscode');

exports.activate = async ({ extensionUri, subscriptions }) => {
  const address = new URL('/content.json', extensionUri.toString(true));
  const texts = await (await fetch(address)).json();
  const files = new Map(Object.entries(texts).map(([path, text]) => [`/${path}`, new TextEncoder().encode(text)]));
  const changed = new EventEmitter();

  const entries = (folder) => {
    const prefix = folder.endsWith('/') ? folder : `${folder}/`;
    const found = new Map();
    for (const path of files.keys()) {
      if (!path.startsWith(prefix)) continue;
      const [name, ...deeper] = path.slice(prefix.length).split('/');
      found.set(name, deeper.length > 0 ? FileType.Directory : FileType.File);
    }
    return [...found];
  };
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose() {} }),
    stat({ path }) {
      const bytes = files.get(path);
      if (bytes) return { type: FileType.File, ctime: 0, mtime: 0, size: bytes.length };
      if (path !== '/' && entries(path).length === 0) throw FileSystemError.FileNotFound(path);
      return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    },
    readDirectory: ({ path }) => entries(path),
    readFile({ path }) {
      const bytes = files.get(path);
      if (!bytes) throw FileSystemError.FileNotFound(path);
      return bytes;
    },
    writeFile(uri, bytes) {
      const type = files.has(uri.path) ? 1 : 2;
      files.set(uri.path, bytes);
      changed.fire([{ type, uri }]);
    },
    delete(uri) {
      files.delete(uri.path);
      changed.fire([{ type: 3, uri }]);
    },
    createDirectory() {},
    rename() {
      throw FileSystemError.NoPermissions('rename');
    },
  };
  subscriptions.push(workspace.registerFileSystemProvider('andon-files', provider, { isCaseSensitive: true }));
};
