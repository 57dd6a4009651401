import * as vscode from 'vscode';
import type { Finding } from '../engine/finding';

/** The findings of one file as they are on screen. */
export interface ShownFile {
  readonly uri: vscode.Uri;
  /** Relative to its folder, or the whole path where it is in none. */
  readonly path: string;
  /** Name of the workspace folder it is in. */
  readonly folder: string | undefined;
  /** Version of the open document the findings are of; undefined: of the file on disk. */
  readonly version: number | undefined;
  /** Id of the format that read it. */
  readonly format: string | undefined;
  readonly findings: readonly Finding[];
}

/** Numbers of findings. Baselined ones count only as such. */
export interface Totals {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly baselined: number;
  readonly files: number;
}

/** All findings there are now, by file: what diagnostics, view, hovers and fixes are made of. */
export class Shown implements vscode.Disposable {
  readonly #files = new Map<string, ShownFile>();
  readonly #changed = new vscode.EventEmitter<readonly string[]>();
  readonly #totals = { error: 0, warning: 0, info: 0, baselined: 0, files: 0 };

  /** Fires with the keys of the files whose findings changed. */
  readonly onDidChange = this.#changed.event;

  get(uri: vscode.Uri): ShownFile | undefined {
    return this.#files.get(uri.toString());
  }

  /** By the key that onDidChange gives: the uri as text. */
  byKey(key: string): ShownFile | undefined {
    return this.#files.get(key);
  }

  /** Files with at least one finding. */
  get files(): Iterable<ShownFile> {
    return this.#files.values();
  }

  get totals(): Totals {
    return { ...this.#totals };
  }

  set(files: readonly ShownFile[]): void {
    const changed: string[] = [];
    for (const file of files) {
      const key = file.uri.toString();
      const before = this.#files.get(key);
      if (!before && file.findings.length === 0) continue;
      this.#count(before, -1);
      // Deleted first, so that what is new comes last.
      if (file.findings.length === 0) this.#files.delete(key);
      else this.#files.set(key, file);
      this.#count(file, 1);
      if (!before || !sameFindings(before.findings, file.findings)) changed.push(key);
    }
    if (changed.length > 0) this.#changed.fire(changed);
  }

  delete(uris: readonly vscode.Uri[]): void {
    const gone: string[] = [];
    for (const uri of uris) {
      const key = uri.toString();
      this.#count(this.#files.get(key), -1);
      if (this.#files.delete(key)) gone.push(key);
    }
    if (gone.length > 0) this.#changed.fire(gone);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #count(file: ShownFile | undefined, by: 1 | -1): void {
    if (!file || file.findings.length === 0) return;
    this.#totals.files += by;
    for (const finding of file.findings) {
      this.#totals[finding.baselined ? 'baselined' : finding.severity] += by;
    }
  }
}

/** Whether nothing on screen would differ. */
function sameFindings(a: readonly Finding[], b: readonly Finding[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i]!;
      return (
        one.fingerprint === other.fingerprint &&
        one.message === other.message &&
        one.severity === other.severity &&
        one.baselined === other.baselined &&
        one.start.line === other.start.line &&
        one.start.column === other.start.column &&
        one.end.line === other.end.line &&
        one.end.column === other.end.column
      );
    })
  );
}
