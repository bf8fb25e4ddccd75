import { AwsError } from '../../wire/aws-error.js';
import type { Answer, Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { DESCRIBE_LIMIT, INVALID, LOG_GROUP_IDENTIFIER, LOG_GROUP_NAME, TAGS } from './constraints.js';
import { groupNameOf, type LogGroup, type LogStore } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';

/** The only periods that AWS takes, in days. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

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
      validate(input, { logGroupName: LOG_GROUP_NAME, tags: TAGS, kmsKeyId: { max: 256 } }, INVALID);
      const group = storeIn(region).createGroup(input.logGroupName);
      group.logGroupClass = input.logGroupClass ?? 'STANDARD';
      group.kmsKeyId = input.kmsKeyId;
      group.deletionProtected = input.deletionProtectionEnabled ?? false;
      for (const [key, value] of Object.entries(input.tags ?? {})) group.tags.set(key, value ?? '');
      return {};
    },

    DeleteLogGroup(input, { region }) {
      validate(input, { logGroupName: LOG_GROUP_NAME }, INVALID);
      const store = storeIn(region);
      const group = store.group(input.logGroupName);
      if (group.deletionProtected) {
        throw new AwsError('OperationAbortedException', 'The specified log group has deletion protection enabled.');
      }
      store.deleteGroup(group);
      return {};
    },

    DescribeLogGroups(input, { region }) {
      validate(
        input,
        {
          logGroupNamePrefix: LOG_GROUP_NAME,
          logGroupNamePattern: { max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' },
          logGroupIdentifiers: { min: 1, max: 50, item: LOG_GROUP_IDENTIFIER },
          limit: DESCRIBE_LIMIT,
        },
        INVALID,
      );
      if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
        throw new AwsError(
          INVALID,
          'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
        );
      }
      const named = input.logGroupIdentifiers && new Set(input.logGroupIdentifiers.map(groupNameOf));
      const store = storeIn(region);
      const wanted = [...store.groups.values()]
        .filter(
          (group) =>
            group.name.startsWith(input.logGroupNamePrefix ?? '') &&
            // The pattern is a substring without regard to case: "case-insensitive match" in the API reference.
            group.name.toLowerCase().includes((input.logGroupNamePattern ?? '').toLowerCase()) &&
            (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass) &&
            (named === undefined || named.has(group.name)),
        )
        .sort(byKey((group) => group.name));
      const { items, nextToken } = pageByKey(wanted, (group) => group.name, {
        limit: input.limit ?? 50,
        token: input.nextToken,
      });
      for (const group of items) store.trim(group);
      return { logGroups: items.map(describeGroup), ...(nextToken !== undefined && { nextToken }) };
    },

    ListLogGroups(input, { region }) {
      validate(input, { limit: { range: [1, 1000] } }, INVALID);
      const pattern = readNamePattern(input.logGroupNamePattern);
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
      validate(input, { logGroupName: LOG_GROUP_NAME }, INVALID);
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
      validate(input, { logGroupName: LOG_GROUP_NAME }, INVALID);
      storeIn(region).group(input.logGroupName).retentionInDays = undefined;
      return {};
    },

    AssociateKmsKey(input, { region }) {
      storeIn(region).groupOf({
        logGroupName: input.logGroupName,
        logGroupIdentifier: input.resourceIdentifier,
      }).kmsKeyId = input.kmsKeyId;
      return {};
    },

    DisassociateKmsKey(input, { region }) {
      storeIn(region).groupOf({
        logGroupName: input.logGroupName,
        logGroupIdentifier: input.resourceIdentifier,
      }).kmsKeyId = undefined;
      return {};
    },

    PutLogGroupDeletionProtection(input, { region }) {
      storeIn(region).groupOf({ logGroupIdentifier: input.logGroupIdentifier }).deletionProtected =
        input.deletionProtectionEnabled;
      return {};
    },
  };
}

function describeGroup(group: LogGroup): Answer<import('@aws-sdk/client-cloudwatch-logs').LogGroup> {
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    metricFilterCount: group.metricFilters.size,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes: group.storedBytes,
    logGroupClass: group.logGroupClass,
    deletionProtectionEnabled: group.deletionProtected,
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
  };
}

/** ListLogGroups takes a substring, or with `^` a prefix, in up to five alternatives joined by `|`. */
function readNamePattern(text: string | undefined): RegExp {
  if (text === undefined) return /^/;
  if (!/^[.\-_/#A-Za-z0-9^|]{3,129}$/.test(text)) {
    throw new AwsError(
      INVALID,
      `1 validation error detected: Value '${text}' at 'logGroupNamePattern' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24})(\\|\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24}){0,4}`,
    );
  }
  return new RegExp(text.replaceAll('.', '\\.'));
}
