import {
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
  type PutMetricFilterCommandInput,
  paginateDescribeMetricFilters,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsFixture, startLogs } from './start-logs.js';

let parts: LogsFixture;
beforeAll(async () => {
  parts = await startLogs();
  await parts.createGroup('/metrics');
});
afterAll(() => parts.close());

const put = (more: Partial<PutMetricFilterCommandInput> = {}) =>
  parts.logs.send(
    new PutMetricFilterCommand({
      logGroupName: '/metrics',
      filterName: 'errors',
      filterPattern: 'ERROR',
      metricTransformations: [{ metricName: 'Errors', metricNamespace: 'App', metricValue: '1', defaultValue: 0 }],
      ...more,
    }),
  );

describe('metric filters', () => {
  it('are kept, described and deleted', async () => {
    await put();
    await put({
      filterName: 'latency',
      filterPattern: '{ $.latency = * }',
      metricTransformations: [
        {
          metricName: 'L',
          metricNamespace: 'A.B-c_d/1#2:metricNamespace',
          metricValue: '$.latency',
          unit: 'Milliseconds',
        },
      ],
    });
    const { metricFilters } = await parts.logs.send(
      new DescribeMetricFiltersCommand({ logGroupName: '/metrics', filterNamePrefix: 'err' }),
    );
    expect(metricFilters).toEqual([
      {
        filterName: 'errors',
        filterPattern: 'ERROR',
        logGroupName: '/metrics',
        metricTransformations: [{ metricName: 'Errors', metricNamespace: 'App', metricValue: '1', defaultValue: 0 }],
        applyOnTransformedLogs: false,
        creationTime: expect.any(Number),
      },
    ]);
    const { logGroups } = await parts.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/metrics' }));
    expect(logGroups?.[0]?.metricFilterCount).toBe(2);
    const remove = () =>
      parts.logs.send(new DeleteMetricFilterCommand({ logGroupName: '/metrics', filterName: 'errors' }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ message: 'The specified metric filter does not exist.' });
  });

  it('are listed by their names, whatever group they are in', async () => {
    for (const group of ['/order/a', '/order/b']) await parts.createGroup(group);
    await put({ logGroupName: '/order/a', filterName: 'order-2' });
    await put({ logGroupName: '/order/b', filterName: 'order-1' });
    await put({ logGroupName: '/order/a', filterName: 'order-3' });
    const seen: (string | undefined)[] = [];
    const pages = paginateDescribeMetricFilters({ client: parts.logs, pageSize: 1 }, { filterNamePrefix: 'order-' });
    for await (const { metricFilters = [] } of pages) seen.push(...metricFilters.map(({ filterName }) => filterName));
    expect(seen).toEqual(['order-1', 'order-2', 'order-3']);
  });

  it.each<[string, Partial<PutMetricFilterCommandInput>, string]>([
    [
      'a unit that is not there',
      {
        metricTransformations: [{ metricName: 'E', metricNamespace: 'A', metricValue: '1', unit: 'Bananas' as never }],
      },
      "Value 'Bananas' at 'metricTransformations.1.member.unit' failed to satisfy constraint: Member must satisfy enum value set: [Seconds, ",
    ],
    [
      'four dimensions',
      {
        filterPattern: '{ $.a = * }',
        metricTransformations: [
          {
            metricName: 'E',
            metricNamespace: 'A',
            metricValue: '1',
            dimensions: { a: '$.a', b: '$.b', c: '$.c', d: '$.d' },
          },
        ],
      },
      'no more than 3 dimensions',
    ],
    ['a pattern that does not parse', { filterPattern: '{ $.a }' }, 'Invalid metric filter pattern (filter pattern: '],
    [
      'a value that is no number and no field',
      { metricTransformations: [{ metricName: 'E', metricNamespace: 'A', metricValue: 'length' }] },
      'Invalid metric transformation: length is no number',
    ],
    ['criteria', { fieldSelectionCriteria: '@aws.region = "us-east-1"' }, 'fieldSelectionCriteria is not implemented'],
    ['system fields', { emitSystemFieldDimensions: ['@aws.account'] }, 'emitSystemFieldDimensions is not implemented'],
  ])('refuse %s', async (_, more, message) => {
    await expect(put({ filterName: 'refused', ...more })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('hold at most five regular expressions a group', async () => {
    await parts.createGroup('/regexes');
    const add = (n: number) => put({ logGroupName: '/regexes', filterName: `f${n}`, filterPattern: `%a${n}%` });
    for (let n = 0; n < 5; n += 1) await add(n);
    await expect(add(5)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await add(4);
  });

  it('refuse dimensions on a pattern of terms', async () => {
    const metricTransformations = [
      { metricName: 'E', metricNamespace: 'A', metricValue: '1', dimensions: { code: '$.code' } },
    ];
    await expect(put({ metricTransformations })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The specified filter pattern does not support dimensions',
    });
    await put({ filterPattern: '{ $.code = * }', metricTransformations });
  });
});

describe('TestMetricFilter', () => {
  it('tells which messages match, and the values it found', async () => {
    const { matches } = await parts.logs.send(
      new TestMetricFilterCommand({
        filterPattern: '[ip, identity, user_id, timestamp, request, status_code = 4*, size]',
        logEventMessages: [
          '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534',
          '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 404 5324',
        ],
      }),
    );
    expect(matches).toEqual([
      {
        eventNumber: 2,
        eventMessage: '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 404 5324',
        extractedValues: {
          $ip: '127.0.0.1',
          $identity: '-',
          $user_id: 'frank',
          $timestamp: '10/Oct/2000:13:35:22 -0700',
          $request: 'GET /apache_pb.gif HTTP/1.0',
          $status_code: '404',
          $size: '5324',
        },
      },
    ]);
  });
});
