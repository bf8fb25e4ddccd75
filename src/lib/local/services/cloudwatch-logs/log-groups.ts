import { AwsError } from '../../wire/aws-error.js';
import type { Answer, Handlers } from '../../wire/handlers.js';
import {
  checkInput,
  DESCRIBE_LIMIT,
  INVALID,
  LOG_GROUP_CLASS,
  LOG_GROUP_IDENTIFIER,
  LOG_GROUP_NAME,
  refuseMembers,
} from './constraints.js';
import { checkUnprotected, type LogGroup } from './log-group.js';
import type { LogStore } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';
import { checkTags } from './tags.js';

/** The only periods that AWS takes, in days. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const NAME_PATTERN = '(\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24})(\\|\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24}){0,4}';
/** Wider than an identifier's: AssociateKmsKey takes `:*`. */
const RESOURCE = { resourceIdentifier: { min: 1, max: 2048, pattern: '[\\w+=/:,.@\\-\\*]*' }, kmsKeyId: { max: 256 } };

type LogGroupHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  | 'CreateLogGroup'
  | 'DeleteLogGroup'
  | 'DescribeLogGroups'
  | 'ListLogGroups'
  | 'PutRetentionPolicy'
  | 'DeleteRetentionPolicy'
  | 'AssociateKmsKey'
  | 'DisassociateKmsKey'
  | 'PutLogGroupDeletionProtection'
>;

export function logGroups(storeIn: (region: string) => LogStore): LogGroupHandlers {
  return {
    CreateLogGroup(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, kmsKeyId: { max: 256 }, logGroupClass: LOG_GROUP_CLASS });
      checkTags(input.tags);
      const group = storeIn(region).createGroup(input.logGroupName);
      group.logGroupClass = input.logGroupClass ?? 'STANDARD';
      group.kmsKeyId = input.kmsKeyId;
      group.deletionProtected = input.deletionProtectionEnabled ?? false;
      for (const [key, value] of Object.entries(input.tags ?? {})) group.tags.set(key, value ?? '');
      return {};
    },

    DeleteLogGroup(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME });
      const store = storeIn(region);
      const group = store.group(input.logGroupName);
      checkUnprotected(group);
      store.deleteGroup(group);
      return {};
    },

    DescribeLogGroups(input, { region }) {
      checkInput(input, {
        logGroupNamePrefix: LOG_GROUP_NAME,
        logGroupNamePattern: { max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' },
        logGroupIdentifiers: { min: 1, max: 50, item: LOG_GROUP_IDENTIFIER },
        logGroupClass: LOG_GROUP_CLASS,
        limit: DESCRIBE_LIMIT,
      });
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', logGroupIdentifiers } = input;
      if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
        throw new AwsError(
          INVALID,
          'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
        );
      }
      // "If you specify this parameter, the only other filter that you can choose to specify is includeLinkedAccounts."
      if (logGroupIdentifiers && (prefix || part || input.logGroupClass)) {
        throw new AwsError(INVALID, 'logGroupIdentifiers cannot be combined with other filters.');
      }
      const store = storeIn(region);
      const named = logGroupIdentifiers && new Set(logGroupIdentifiers.map((identifier) => store.find(identifier)));
      const wanted = [...store.groups.values()]
        .filter(
          (group) =>
            group.name.startsWith(prefix) &&
            group.name.includes(part) &&
            (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass) &&
            (named === undefined || named.has(group)),
        )
        .sort(byKey((group) => group.name));
      const { items, nextToken } = pageByKey(wanted, (group) => group.name, {
        limit: input.limit ?? 50,
        token: input.nextToken,
      });
      for (const group of items) store.trim(group);
      // What AWS answers to a search by pattern is shorter.
      const describe = input.logGroupNamePattern === undefined ? describeGroup : describeGroupInShort;
      return { logGroups: items.map(describe), ...(nextToken !== undefined && { nextToken }) };
    },

    ListLogGroups(input, { region }) {
      checkInput(input, {
        logGroupNamePattern: { min: 3, max: 129, pattern: NAME_PATTERN },
        logGroupClass: LOG_GROUP_CLASS,
        limit: { range: [1, 1000] },
      });
      refuseMembers(input, 'dataSources', 'fieldIndexNames', 'logGroupTags');
      // A substring, or with `^` a prefix, in up to five alternatives joined by `|`.
      const pattern = new RegExp(input.logGroupNamePattern?.replaceAll('.', '\\.') ?? '');
      const wanted = [...storeIn(region).groups.values()]
        .filter(
          (group) =>
            pattern.test(group.name) &&
            (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass),
        )
        .sort(byKey((group) => group.name));
      const { items, nextToken } = pageByKey(wanted, (group) => group.name, {
        limit: input.limit ?? 50,
        token: input.nextToken,
      });
      return {
        logGroups: items.map((group) => ({
          logGroupName: group.name,
          logGroupArn: group.arn,
          logGroupClass: group.logGroupClass,
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },

    PutRetentionPolicy(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME });
      if (!RETENTION_DAYS.includes(input.retentionInDays)) {
        throw new AwsError(
          INVALID,
          `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
        );
      }
      const store = storeIn(region);
      const group = store.group(input.logGroupName);
      group.retentionInDays = input.retentionInDays;
      store.trim(group);
      return {};
    },

    DeleteRetentionPolicy(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME });
      storeIn(region).group(input.logGroupName).retentionInDays = undefined;
      return {};
    },

    AssociateKmsKey(input, { region }) {
      encrypted(input, storeIn(region)).kmsKeyId = input.kmsKeyId;
      return {};
    },

    DisassociateKmsKey(input, { region }) {
      encrypted(input, storeIn(region)).kmsKeyId = undefined;
      return {};
    },

    PutLogGroupDeletionProtection(input, { region }) {
      checkInput(input, { logGroupIdentifier: LOG_GROUP_IDENTIFIER });
      storeIn(region).groupOf({ logGroupIdentifier: input.logGroupIdentifier }).deletionProtected =
        input.deletionProtectionEnabled;
      return {};
    },
  };
}

function encrypted(
  input: { logGroupName?: string | undefined; resourceIdentifier?: string | undefined },
  store: LogStore,
): LogGroup {
  checkInput(input, { logGroupName: LOG_GROUP_NAME, ...RESOURCE });
  return store.groupOf({
    logGroupName: input.logGroupName,
    logGroupIdentifier: input.resourceIdentifier?.replace(/:\*$/, ''),
  });
}

type Described = Answer<import('@aws-sdk/client-cloudwatch-logs').LogGroup>;

const describeGroup = (group: LogGroup): Described => ({
  ...describeGroupInShort(group),
  storedBytes: group.storedBytes,
  deletionProtectionEnabled: group.deletionProtected,
});

const describeGroupInShort = (group: LogGroup): Described => ({
  logGroupName: group.name,
  creationTime: group.creationTime,
  metricFilterCount: group.metricFilters.size,
  arn: `${group.arn}:*`,
  logGroupArn: group.arn,
  logGroupClass: group.logGroupClass,
  ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
  ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
});
