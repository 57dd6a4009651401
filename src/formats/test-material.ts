/** A word of a folder's name, with others before and behind it: `test-cert`, `keys.example`. */
const folder =
  /(?:^|[/._-])(?:tests?|testing|testdata|testutils?|fixtures?|mocks?|spec|e2e|integration|examples?|samples?|demos?|docs?|tutorials?|vendor|third[-_]party)(?:[._-][^/]*)?\//i;

/** Whether a path lies in a folder of what is tried or shown, and not in what the repository delivers. */
export const isTestMaterial = (path: string): boolean => folder.test(path);
