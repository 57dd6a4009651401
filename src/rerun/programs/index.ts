import type { Programs } from '../call';
import { archives } from './archives';
import { databases } from './databases';
import { deployment } from './deployment';
import { downloads } from './downloads';
import { files } from './files';
import { sourceControl } from './git';
import { keys } from './keys';
import { machine } from './machine';
import { shells } from './shells';
import { textTools } from './text-tools';

/** Programs whose effect a row of the table cannot say. */
export const programs: Programs = {
  ...archives,
  ...databases,
  ...deployment,
  ...downloads,
  ...files,
  ...keys,
  ...machine,
  ...shells,
  ...sourceControl,
  ...textTools,
};
