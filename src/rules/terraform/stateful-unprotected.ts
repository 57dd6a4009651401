import { defineRule } from '../../engine/rule';
import { say } from '../../engine/said';
import { type TerraformBlock, terraform } from '../../formats/terraform';
import type { Attribute } from '../../syntax/hcl';

/** Databases that leave a last snapshot unless they are told not to. */
const leavesSnapshot = new Set([
  'aws_db_instance',
  'aws_docdb_cluster',
  'aws_neptune_cluster',
  'aws_rds_cluster',
  'aws_redshift_cluster',
]);

export default defineRule({
  id: 'terraform/stateful-unprotected',
  on: terraform,
  summary: 'A database can be destroyed without leaving anything',
  why: 'With skip_final_snapshot a destroy, or a change that replaces the database, deletes it with all its automatic backups: what was in it is gone before anybody reads the plan.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: false,
  since: '0.1.0',

  create: ({ path, report }) => ({
    block(block) {
      if (block.type !== 'resource' || !leavesSnapshot.has(block.labels[0] ?? '')) return;
      const skip = block.body.attribute('skip_final_snapshot');
      if (!skip || !isTrue(skip) || isProtected(block) || isForShort(path, block)) return;
      report({
        at: skip,
        message: say`${block.address} is destroyed without a last snapshot, and nothing protects it`,
      });
    },
  }),
});

const isTrue = ({ value }: Attribute): boolean =>
  value.kind === 'literal' && String(value.value) === 'true';

/** Protected here, or as a variable says. */
function isProtected({ body }: TerraformBlock): boolean {
  const protection = body.attribute('deletion_protection');
  const prevent = body.block('lifecycle')?.body.attribute('prevent_destroy');
  const isOff = protection?.value.kind === 'literal' && String(protection.value.value) === 'false';
  return (protection !== undefined && !isOff) || (prevent !== undefined && isTrue(prevent));
}

/** What is made for a test or to be looked at is thrown away; a copy of another database has its data there. */
const isForShort = (path: string, { labels, body }: TerraformBlock): boolean =>
  /(?:^|[/_-])(?:examples?|samples?|demos?|tests?|testing|fixtures|dev|development|sandbox|preview)(?:[/_.-]|$)/i.test(
    path,
  ) ||
  /test|demo|example/i.test(labels[1] ?? '') ||
  body.attribute('replicate_source_db') !== undefined;
