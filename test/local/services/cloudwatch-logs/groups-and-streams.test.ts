import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
  DescribeLogStreamsCommand,
  DescribeMetricFiltersCommand,
  DescribeSubscriptionFiltersCommand,
  GetLogEventsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogGroupDeletionProtectionCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  StartLiveTailCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { type LogsFixture, startLogs } from './start-logs.js';

const DAY_MS = 86_400_000;
const clock = new DrivenClock(Date.UTC(2026, 10, 21));
let parts: LogsFixture;
beforeAll(async () => {
  parts = await startLogs({ clock });
});
afterAll(() => parts.close());

const describeGroups = async (input: DescribeLogGroupsCommandInput) =>
  (await parts.logs.send(new DescribeLogGroupsCommand(input))).logGroups ?? [];

describe('log groups', () => {
  it('are described with both ARNs', async () => {
    await parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/one', tags: { team: 'data' } }));
    expect(await describeGroups({ logGroupNamePrefix: '/one' })).toEqual([
      {
        logGroupName: '/one',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/one:*',
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/one',
        creationTime: clock.now(),
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
        deletionProtectionEnabled: false,
      },
    ]);
    await parts.logs.send(
      new AssociateKmsKeyCommand({ logGroupName: '/one', kmsKeyId: 'arn:aws:kms:us-east-1:1:key/k' }),
    );
    expect(await describeGroups({ logGroupIdentifiers: ['/one'] })).toMatchObject([
      { kmsKeyId: 'arn:aws:kms:us-east-1:1:key/k' },
    ]);
  });

  it('are there once, and then no more', async () => {
    await parts.createGroup('/twice');
    await expect(parts.createGroup('/twice')).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    await parts.logs.send(new DeleteLogGroupCommand({ logGroupName: '/twice' }));
    await expect(parts.logs.send(new DeleteLogGroupCommand({ logGroupName: '/twice' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('can be protected', async () => {
    await parts.createGroup('/kept', 's');
    const protect = (deletionProtectionEnabled: boolean) =>
      parts.logs.send(
        new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: '/kept', deletionProtectionEnabled }),
      );
    await protect(true);
    await expect(parts.logs.send(new DeleteLogGroupCommand({ logGroupName: '/kept' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const deleteStream = () =>
      parts.logs.send(new DeleteLogStreamCommand({ logGroupName: '/kept', logStreamName: 's' }));
    await expect(deleteStream()).rejects.toMatchObject({ name: 'ValidationException' });
    await protect(false);
    await deleteStream();
    await parts.logs.send(new DeleteLogGroupCommand({ logGroupName: '/kept' }));
  });

  it('are listed in pages, by prefix or by a part of the name', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `/paged/Group-${n}`);
    for (const name of [...names].reverse()) await parts.createGroup(name);
    const seen: (string | undefined)[] = [];
    const pages = paginateDescribeLogGroups({ client: parts.logs, pageSize: 3 }, { logGroupNamePrefix: '/paged/' });
    for await (const { logGroups } of pages) seen.push(...(logGroups ?? []).map(({ logGroupName }) => logGroupName));
    expect(seen).toEqual(names);
    // "a case-sensitive substring search", and a shorter answer.
    expect(await describeGroups({ logGroupNamePattern: 'group-3' })).toEqual([]);
    expect(await describeGroups({ logGroupNamePattern: 'Group-3' })).toEqual([
      {
        logGroupName: '/paged/Group-3',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/paged/Group-3:*',
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/paged/Group-3',
        creationTime: expect.any(Number),
        metricFilterCount: 0,
        logGroupClass: 'STANDARD',
      },
    ]);
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/paged/Group-3';
    expect(await describeGroups({ logGroupIdentifiers: [arn, arn.replace('us-east-1', 'eu-west-1')] })).toMatchObject([
      { logGroupName: '/paged/Group-3' },
    ]);
    const listed = await parts.logs.send(new ListLogGroupsCommand({ logGroupNamePattern: '^/paged/Group-1|Group-2' }));
    expect(listed.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/paged/Group-1', '/paged/Group-2']);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a bad name',
      () => parts.createGroup('no spaces'),
      "Value 'no spaces' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      'a name of 513 characters',
      () => parts.createGroup('x'.repeat(513)),
      'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
    ],
    [
      'a class that is not there',
      () => parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/c', logGroupClass: 'COLD' as never })),
      "Value 'COLD' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]",
    ],
    [
      'a tag whose key is too long',
      () => parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/c', tags: { ['k'.repeat(129)]: '' } })),
      "at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128,",
    ],
    [
      'a tag whose value holds what it may not',
      () => parts.logs.send(new TagLogGroupCommand({ logGroupName: '/one', tags: { k: '<>' } })),
      "Value '{k=<>}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint:",
    ],
    [
      'the tags of an ARN with :*',
      () =>
        parts.logs.send(
          new ListTagsForResourceCommand({ resourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/one:*' }),
        ),
      "at 'resourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=/:,.@-]*",
    ],
    [
      'identifiers beside a prefix',
      () => describeGroups({ logGroupIdentifiers: ['/one'], logGroupNamePrefix: '/' }),
      'logGroupIdentifiers cannot be combined with other filters.',
    ],
    [
      'a list by tags',
      () => parts.logs.send(new ListLogGroupsCommand({ logGroupTags: [{ key: 'a' }] } as object)),
      'logGroupTags is not implemented at this endpoint.',
    ],
    [
      'a list by a pattern of two characters',
      () => parts.logs.send(new ListLogGroupsCommand({ logGroupNamePattern: 'ab' })),
      'greater than or equal to 3',
    ],
    ['a limit of 51', () => describeGroups({ limit: 51 }), 'less than or equal to 50'],
    [
      'prefix and pattern',
      () => describeGroups({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' }),
      'mutually exclusive',
    ],
    ['a made-up token', () => describeGroups({ nextToken: 'made up' }), 'The specified nextToken is invalid.'],
    [
      'a retention AWS does not have',
      () => parts.logs.send(new PutRetentionPolicyCommand({ logGroupName: '/one', retentionInDays: 2 })),
      "Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7,",
    ],
  ])('refuse %s', async (_, refused, message) => {
    await expect(refused()).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('have filters and Live Tail in the Standard class alone', async () => {
    await parts.logs.send(new CreateLogGroupCommand({ logGroupName: '/rare', logGroupClass: 'INFREQUENT_ACCESS' }));
    const filter = { logGroupName: '/rare', filterName: 'f', filterPattern: '' };
    const metricTransformations = [{ metricName: 'M', metricNamespace: 'N', metricValue: '1' }];
    const destinationArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const logGroupIdentifiers = ['arn:aws:logs:us-east-1:000000000000:log-group:/rare'];
    for (const refused of [
      parts.logs.send(new PutSubscriptionFilterCommand({ ...filter, destinationArn })),
      parts.logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: '/rare' })),
      parts.logs.send(new PutMetricFilterCommand({ ...filter, metricTransformations })),
      parts.logs.send(new DescribeMetricFiltersCommand({ logGroupName: '/rare' })),
      parts.logs.send(new StartLiveTailCommand({ logGroupIdentifiers })),
    ]) {
      await expect(refused).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'This operation is only supported on the Standard log class.',
      });
    }
  });

  it('have tags through both APIs', async () => {
    const logGroupName = '/tagged';
    const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/tagged';
    await parts.logs.send(new CreateLogGroupCommand({ logGroupName, tags: { a: '1' } }));
    await parts.logs.send(new TagLogGroupCommand({ logGroupName, tags: { b: '2' } }));
    await parts.logs.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }));
    await parts.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    const all = { b: '2', c: '3' };
    expect((await parts.logs.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual(all);
    expect((await parts.logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(all);
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`t${n}`, '']));
    await expect(parts.logs.send(new TagResourceCommand({ resourceArn, tags: many }))).rejects.toMatchObject({
      name: 'TooManyTagsException',
    });
  });

  it('lose what their retention has outlived, by the clock', async () => {
    await parts.createGroup('/retained', 's');
    await parts.put('/retained', 's', ['old']);
    await parts.logs.send(new PutRetentionPolicyCommand({ logGroupName: '/retained', retentionInDays: 3 }));
    clock.advance(2 * DAY_MS);
    await parts.put('/retained', 's', ['new']);
    const messages = async () =>
      (await parts.logs.send(new GetLogEventsCommand({ logGroupName: '/retained', logStreamName: 's' }))).events?.map(
        ({ message }) => message,
      );
    expect(await messages()).toEqual(['old', 'new']);
    clock.advance(DAY_MS + 1000);
    expect(await messages()).toEqual(['new']);
    expect(await describeGroups({ logGroupNamePrefix: '/retained' })).toMatchObject([
      { storedBytes: 29, retentionInDays: 3 },
    ]);
    // What is older than the retention is not taken any more, and the answer says so.
    expect(await parts.put('/retained', 's', ['too late'], clock.now() - 4 * DAY_MS)).toMatchObject({
      rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 },
    });
  });
});

describe('log streams', () => {
  it('are described, ordered by name or by their last event', async () => {
    await parts.createGroup('/streams', 'b', 'a', 'c');
    const now = clock.now();
    await parts.put('/streams', 'a', ['x'], now - 3000);
    await parts.put('/streams', 'c', ['x'], now - 2000);
    await parts.put('/streams', 'b', ['first'], now - 5000);
    await parts.put('/streams', 'b', ['last'], now - 1000);
    const list = async (more: object) =>
      (await parts.logs.send(new DescribeLogStreamsCommand({ logGroupName: '/streams', ...more }))).logStreams ?? [];
    const names = async (more: object) => (await list(more)).map(({ logStreamName }) => logStreamName);
    expect(await names({})).toEqual(['a', 'b', 'c']);
    expect(await names({ descending: true })).toEqual(['c', 'b', 'a']);
    expect(await names({ orderBy: 'LastEventTime' })).toEqual(['a', 'c', 'b']);
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['b']);
    expect(await list({ logStreamNamePrefix: 'b' })).toEqual([
      {
        logStreamName: 'b',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/streams:log-stream:b',
        creationTime: expect.any(Number),
        firstEventTimestamp: now - 5000,
        lastEventTimestamp: now - 1000,
        lastIngestionTime: now,
        storedBytes: 0,
        uploadSequenceToken: expect.any(String),
      },
    ]);
    await parts.logs.send(new CreateLogStreamCommand({ logGroupName: '/streams', logStreamName: 'd' }));
    expect(await list({ logStreamNamePrefix: 'd' })).toEqual([
      {
        logStreamName: 'd',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/streams:log-stream:d',
        creationTime: expect.any(Number),
        storedBytes: 0,
      },
    ]);
    await expect(list({ orderBy: 'LastEventTime', logStreamNamePrefix: 'a' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    });
    for (const more of [{}, { orderBy: 'LastEventTime', descending: true }] as const) {
      const seen: (string | undefined)[] = [];
      const pages = paginateDescribeLogStreams(
        { client: parts.logs, pageSize: 1 },
        { logGroupName: '/streams', ...more },
      );
      for await (const { logStreams } of pages) {
        seen.push(...(logStreams ?? []).map(({ logStreamName }) => logStreamName));
      }
      expect(seen).toEqual(await names(more));
    }
  });

  it('go with their events', async () => {
    await parts.createGroup('/gone', 'a', 'b');
    await parts.put('/gone', 'a', ['12345']);
    await parts.put('/gone', 'b', ['123']);
    await parts.logs.send(new DeleteLogStreamCommand({ logGroupName: '/gone', logStreamName: 'a' }));
    expect(await describeGroups({ logGroupNamePrefix: '/gone' })).toMatchObject([{ storedBytes: 29 }]);
    const again = new CreateLogStreamCommand({ logGroupName: '/gone', logStreamName: 'b' });
    await expect(parts.logs.send(again)).rejects.toMatchObject({ message: 'The specified log stream already exists' });
    await expect(
      parts.logs.send(new CreateLogStreamCommand({ logGroupName: '/gone', logStreamName: 'no:colon' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
