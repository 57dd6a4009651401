import type { Reporter } from './check-report';
import { github } from './github';
import { gitlab } from './gitlab';
import { json } from './json';
import { junit } from './junit';
import { sarif } from './sarif';
import { text } from './text';

/** Every kind of report, one line each, sorted; the keys are what `--format` takes. */
export const reporters: Readonly<Record<string, Reporter>> = {
  github,
  gitlab,
  json,
  junit,
  sarif,
  text,
};
