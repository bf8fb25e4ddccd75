import { defineOperation } from '../../../define-operation.js';
import { newTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Answer } from '../../../wire/handlers.js';
import {
  DESCRIBE_LIMIT,
  INVALID,
  LOG_GROUP_CLASS,
  LOG_GROUP_IDENTIFIER,
  LOG_GROUP_NAME,
  TAGS,
} from '../constraints.js';
import { checkUnprotected, type LogGroup } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import type { LogsState } from '../logs-state.js';
import { paginate } from '../page.js';
import { RETENTION_DAYS } from '../retention-days.js';
import { tagRules } from '../tag-rules.js';

const NAME_PATTERN = '(\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24})(\\|\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24}){0,4}';
/** Wider than an identifier's: AssociateKmsKey takes `:*`. */
const ENCRYPTED = {
  logGroupName: LOG_GROUP_NAME,
  resourceIdentifier: { min: 1, max: 2048, pattern: '[\\w+=/:,.@\\-\\*]*' },
  kmsKeyId: { max: 256 },
};

export const createLogGroup = defineOperation('cloudwatch-logs', 'CreateLogGroup').as({
  constraints: { logGroupName: LOG_GROUP_NAME, kmsKeyId: { max: 256 }, logGroupClass: LOG_GROUP_CLASS, tags: TAGS },
  run(logs: LogsState, input, { region }) {
    const tags = newTags(input.tags, tagRules(''));
    const group = logs.in(region).createGroup(input.logGroupName);
    group.logGroupClass = input.logGroupClass ?? 'STANDARD';
    group.kmsKeyId = input.kmsKeyId;
    group.deletionProtected = input.deletionProtectionEnabled ?? false;
    group.tags = tags;
    return {};
  },
});

export const deleteLogGroup = defineOperation('cloudwatch-logs', 'DeleteLogGroup').as({
  constraints: { logGroupName: LOG_GROUP_NAME },
  run(logs: LogsState, input, { region }) {
    const store = logs.in(region);
    const group = store.group(input.logGroupName);
    checkUnprotected(group);
    store.deleteGroup(group);
    return {};
  },
});

export const describeLogGroups = defineOperation('cloudwatch-logs', 'DescribeLogGroups').as({
  constraints: {
    logGroupNamePrefix: LOG_GROUP_NAME,
    logGroupNamePattern: { max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' },
    logGroupIdentifiers: { min: 1, max: 50, item: LOG_GROUP_IDENTIFIER },
    logGroupClass: LOG_GROUP_CLASS,
    limit: DESCRIBE_LIMIT,
  },
  run(logs: LogsState, input, { region }) {
    const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', logGroupIdentifiers } = input;
    if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
      throw new AwsError(INVALID, 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    // "If you specify this parameter, the only other filter that you can choose to specify is includeLinkedAccounts."
    if (logGroupIdentifiers && (prefix || part || input.logGroupClass)) {
      throw new AwsError(INVALID, 'logGroupIdentifiers cannot be combined with other filters.');
    }
    const store = logs.in(region);
    const named = logGroupIdentifiers && new Set(logGroupIdentifiers.map((identifier) => store.find(identifier)));
    const wanted = [...store.groups.values()].filter(
      (group) =>
        group.name.startsWith(prefix) &&
        group.name.includes(part) &&
        (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass) &&
        (named === undefined || named.has(group)),
    );
    const { items, ...next } = paginate(wanted, input, { of: 'DescribeLogGroups', keyOf: ({ name }) => name });
    for (const group of items) store.trim(group);
    // What AWS answers to a search by pattern is shorter.
    const describe = input.logGroupNamePattern === undefined ? describeGroup : describeGroupInShort;
    return { logGroups: items.map(describe), ...next };
  },
});

export const listLogGroups = defineOperation('cloudwatch-logs', 'ListLogGroups').as({
  constraints: {
    logGroupNamePattern: { min: 3, max: 129, pattern: NAME_PATTERN },
    logGroupClass: LOG_GROUP_CLASS,
    limit: { range: [1, 1000] },
  },
  notHere: ['dataSources', 'fieldIndexNames', 'logGroupTags'],
  run(logs: LogsState, input, { region }) {
    // A substring, or with `^` a prefix, in up to five alternatives joined by `|`.
    const pattern = new RegExp(input.logGroupNamePattern?.replaceAll('.', '\\.') ?? '');
    const wanted = [...logs.in(region).groups.values()].filter(
      (group) =>
        pattern.test(group.name) && (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass),
    );
    const { items, ...next } = paginate(wanted, input, { of: 'ListLogGroups', keyOf: ({ name }) => name });
    return {
      logGroups: items.map((group) => ({
        logGroupName: group.name,
        logGroupArn: group.arn,
        logGroupClass: group.logGroupClass,
      })),
      ...next,
    };
  },
});

export const putRetentionPolicy = defineOperation('cloudwatch-logs', 'PutRetentionPolicy').as({
  constraints: { logGroupName: LOG_GROUP_NAME },
  run(logs: LogsState, input, { region }) {
    if (!RETENTION_DAYS.includes(input.retentionInDays)) {
      throw new AwsError(
        INVALID,
        `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
      );
    }
    const store = logs.in(region);
    const group = store.group(input.logGroupName);
    group.retentionInDays = input.retentionInDays;
    store.trim(group);
    return {};
  },
});

export const deleteRetentionPolicy = defineOperation('cloudwatch-logs', 'DeleteRetentionPolicy').as({
  constraints: { logGroupName: LOG_GROUP_NAME },
  run(logs: LogsState, input, { region }) {
    logs.in(region).group(input.logGroupName).retentionInDays = undefined;
    return {};
  },
});

export const associateKmsKey = defineOperation('cloudwatch-logs', 'AssociateKmsKey').as({
  constraints: ENCRYPTED,
  run(logs: LogsState, input, { region }) {
    encrypted(input, logs.in(region)).kmsKeyId = input.kmsKeyId;
    return {};
  },
});

export const disassociateKmsKey = defineOperation('cloudwatch-logs', 'DisassociateKmsKey').as({
  constraints: ENCRYPTED,
  run(logs: LogsState, input, { region }) {
    encrypted(input, logs.in(region)).kmsKeyId = undefined;
    return {};
  },
});

export const putLogGroupDeletionProtection = defineOperation('cloudwatch-logs', 'PutLogGroupDeletionProtection').as({
  constraints: { logGroupIdentifier: LOG_GROUP_IDENTIFIER },
  run(logs: LogsState, input, { region }) {
    logs.in(region).groupOf({ logGroupIdentifier: input.logGroupIdentifier }).deletionProtected =
      input.deletionProtectionEnabled;
    return {};
  },
});

function encrypted(
  input: { logGroupName?: string | undefined; resourceIdentifier?: string | undefined },
  store: LogStore,
): LogGroup {
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
