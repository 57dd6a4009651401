import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type CloudResource, cloudFormation } from '../../formats/cloudformation';
import { lookUp } from '../../text/look-up';

/** What a resource keeps that no stack can make again, and the property that keeps it from being deleted. */
interface Keeper {
  readonly what: Said;
  readonly protection?: string;
}

/**
 * Resources whose contents go with them. Left out are those CloudFormation keeps a snapshot of by itself (RDS), those
 * it cannot delete while they hold something (S3, ECR), and caches.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
const keepers: Readonly<Record<string, Keeper>> = {
  'AWS::Cognito::UserPool': { what: say`the users`, protection: 'DeletionProtection' },
  'AWS::DocDB::DBCluster': { what: say`the documents`, protection: 'DeletionProtection' },
  'AWS::DynamoDB::GlobalTable': { what: say`the items` },
  'AWS::DynamoDB::Table': { what: say`the items`, protection: 'DeletionProtectionEnabled' },
  'AWS::EC2::Volume': { what: say`the files` },
  'AWS::EFS::FileSystem': { what: say`the files` },
  'AWS::Elasticsearch::Domain': { what: say`the indices` },
  'AWS::FSx::FileSystem': { what: say`the files` },
  'AWS::Neptune::DBCluster': { what: say`the graph`, protection: 'DeletionProtection' },
  'AWS::OpenSearchService::Domain': { what: say`the indices` },
  'AWS::Redshift::Cluster': { what: say`the tables` },
  'AWS::Timestream::Table': { what: say`the records` },
};

export default defineRule({
  id: 'cloudformation/stateful-no-retain',
  on: cloudFormation,
  summary: 'Data is deleted together with the stack',
  why: 'Without a DeletionPolicy CloudFormation deletes the resource with all it holds when the stack is deleted, when its creation is rolled back, or when the resource is renamed in the template: there is no question and no way back.',
  concern: 'statefulness',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ report }) => ({
    resource(resource) {
      const keeper = lookUp(keepers, resource.type);
      if (!keeper || isKept(resource, keeper)) return;
      // Somebody decides by the environment what is made at all.
      if (resource.attribute('Condition') || isPassing(resource)) return;
      report({
        at: resource.id,
        message: say`${resource.id.string} is deleted with the stack, and ${keeper.what} with it: no DeletionPolicy`,
      });
    },
  }),
});

/** Names of tables whose items are made anew as they are needed. */
const passing = /cache|connection|idempoten|lock|session|token/i;

/** Items that expire by themselves, as sessions do, and the locks of Terraform's state: nobody misses them. */
function isPassing(resource: CloudResource): boolean {
  if (passing.test(resource.id.string)) return true;
  const keys = resource.property('AttributeDefinitions');
  const text = resource.template.text;
  return (
    resource.property('TimeToLiveSpecification') !== undefined ||
    (keys !== undefined && /\bLockID\b/.test(text.slice(...keys.range)))
  );
}

/** Any policy that is written is somebody's decision; so is a protection against deletion. */
function isKept(resource: CloudResource, { protection }: Keeper): boolean {
  if (resource.attribute('DeletionPolicy')) return true;
  const value = protection === undefined ? undefined : resource.property(protection);
  return (
    value !== undefined && !(value.kind === 'scalar' && /^(?:false|INACTIVE)$/i.test(value.string))
  );
}
