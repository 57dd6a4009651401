/** A thing in the file system, as far as a second run can change it. Times are left out: each run sets them. */
export type Entry =
  | {
      readonly kind: 'file';
      /** Permission bits, set-id and sticky bits included. */
      readonly mode: number;
      /** `uid:gid`, where the sandbox shows it. */
      readonly owner?: string;
      /** In bytes. */
      readonly size: number;
      /** Of the content; equal content has equal digests. */
      readonly digest: string;
      /** The content, where it is text and not too long to be shown. */
      readonly text?: string;
    }
  | {
      readonly kind: 'directory';
      readonly mode: number;
      readonly owner?: string;
      /** What was there before the first run is gone from it. */
      readonly emptied: boolean;
    }
  | { readonly kind: 'link'; readonly target: string; readonly owner?: string }
  | { readonly kind: 'special'; readonly mode: number; readonly what: string }
  | { readonly kind: 'gone' };

/** Absolute paths, with `/`, and what is there. */
export type Entries = ReadonlyMap<string, Entry>;

/** What a run left behind. */
export interface State {
  /** Everything that differs, or may differ, from what was there before the first run. */
  readonly entries: Entries;
  /** Command lines of the processes it left running; undefined: not known. */
  readonly processes?: readonly string[];
}
