import {
  DeleteItemCommand,
  type ExpectedAttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPOSITE, type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
  await db.create('leases');
  await db.create('rows', COMPOSITE);
  for (const sk of ['a', 'b', 'ba', 'c']) {
    const Item = {
      pk: { S: 'p' },
      sk: { S: sk },
      n: { N: String(sk.length) },
      ...(sk === 'c' && { only: { S: 'c' } }),
    };
    await db.client.send(new PutItemCommand({ TableName: 'rows', Item }));
  }
});
afterAll(() => db.close());

const Key = { pk: { S: 'lease' } };
const update = (input: Partial<UpdateItemCommandInput>) =>
  db.client.send(new UpdateItemCommand({ TableName: 'leases', Key, ReturnValues: 'ALL_NEW', ...input }));

test('a lease is taken, renewed and lost as the Kinesis Client Library for Java does it', async () => {
  await db.client.send(
    new PutItemCommand({
      TableName: 'leases',
      Item: { ...Key, leaseCounter: { N: '0' } },
      Expected: { pk: { Exists: false } },
    }),
  );
  const renew = (counter: string, owner: string) =>
    update({
      Expected: {
        leaseCounter: { Value: { N: counter } },
        leaseOwner: owner === '' ? { Exists: false } : { Value: { S: owner } },
      },
      AttributeUpdates: {
        leaseCounter: { Action: 'ADD', Value: { N: '1' } },
        leaseOwner: { Action: 'PUT', Value: { S: 'me' } },
        parents: { Action: 'ADD', Value: { SS: [`p${counter}`] } },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  expect((await renew('0', '')).Attributes).toEqual({
    ...Key,
    leaseCounter: { N: '1' },
    leaseOwner: { S: 'me' },
    parents: { SS: ['p0'] },
  });
  await expect(renew('0', 'me')).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { leaseCounter: { N: '1' } },
  });
  const freed = await update({
    AttributeUpdates: { leaseOwner: { Action: 'DELETE' }, parents: { Action: 'DELETE', Value: { SS: ['p0'] } } },
  });
  expect(freed.Attributes).toEqual({ ...Key, leaseCounter: { N: '1' } });
});

test('DELETE makes no item, PUT does', async () => {
  const of = (pk: string) => ({ pk: { S: pk } });
  await update({ Key: of('none'), AttributeUpdates: { a: { Action: 'DELETE' } } });
  await update({ Key: of('some'), AttributeUpdates: { a: { Value: { S: 'x' } } } });
  const get = async (pk: string) =>
    (await db.client.send(new GetItemCommand({ TableName: 'leases', Key: of(pk) }))).Item;
  expect([await get('none'), await get('some')]).toEqual([undefined, { ...of('some'), a: { S: 'x' } }]);
});

describe('Expected', () => {
  const Item = { pk: { S: 'e' }, n: { N: '5' }, s: { S: 'hello' }, set: { NS: ['1', '2'] } };
  const check = async (Expected: Record<string, ExpectedAttributeValue>, ConditionalOperator?: 'AND' | 'OR') => {
    await db.client.send(new PutItemCommand({ TableName: 'leases', Item }));
    try {
      await db.client.send(
        new DeleteItemCommand({ TableName: 'leases', Key: { pk: { S: 'e' } }, Expected, ConditionalOperator }),
      );
      return true;
    } catch (error) {
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
      return false;
    }
  };
  const n = (...numbers: string[]) => numbers.map((N) => ({ N }));

  test.each<[string, Record<string, ExpectedAttributeValue>, boolean]>([
    ['EQ', { n: { ComparisonOperator: 'EQ', AttributeValueList: n('5.0') } }, true],
    ['NE', { n: { ComparisonOperator: 'NE', AttributeValueList: n('5') } }, false],
    ['LT', { n: { ComparisonOperator: 'LT', AttributeValueList: n('10') } }, true],
    ['GE', { n: { ComparisonOperator: 'GE', AttributeValueList: n('5.1') } }, false],
    ['BETWEEN', { n: { ComparisonOperator: 'BETWEEN', AttributeValueList: n('5', '6') } }, true],
    ['IN', { n: { ComparisonOperator: 'IN', AttributeValueList: n('4', '5') } }, true],
    ['NULL', { none: { ComparisonOperator: 'NULL' } }, true],
    ['NOT_NULL', { none: { ComparisonOperator: 'NOT_NULL' } }, false],
    ['BEGINS_WITH', { s: { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ S: 'hel' }] } }, true],
    ['CONTAINS of a set', { set: { ComparisonOperator: 'CONTAINS', AttributeValueList: n('2') } }, true],
    ['NOT_CONTAINS', { s: { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'ell' }] } }, false],
    ['a value of another type', { n: { Value: { S: '5' } } }, false],
  ])('%s', async (_, expected, isMet) => {
    expect(await check(expected)).toBe(isMet);
  });

  test('is joined by AND or by OR', async () => {
    const mixed = { n: { Value: { N: '5' } }, s: { Value: { S: 'other' } } };
    expect([await check(mixed), await check(mixed, 'OR')]).toEqual([false, true]);
  });

  test.each<[Record<string, ExpectedAttributeValue>, string]>([
    [
      { a: {} },
      'One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: a',
    ],
    [
      { a: { Exists: false, Value: { S: 'x' } } },
      'One or more parameter values were invalid: Value cannot be used when Exists is false for Attribute: a',
    ],
    [
      { a: { ComparisonOperator: 'BETWEEN', AttributeValueList: n('1') } },
      'One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN ComparisonOperator',
    ],
    [
      { a: { ComparisonOperator: 'LT', AttributeValueList: [{ SS: ['x'] }] } },
      'One or more parameter values were invalid: ComparisonOperator LT is not valid for SS AttributeValue type',
    ],
  ])('%j is refused', async (expected, message) => {
    await expect(check(expected)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});

test('KeyConditions, QueryFilter and ScanFilter read what their comparisons say', async () => {
  const sks = ({ Items = [] }: { Items?: Record<string, { S?: string }>[] | undefined }) =>
    Items.map(({ sk }) => sk?.S);
  const query = async (more: object) =>
    db.client.send(
      new QueryCommand({
        TableName: 'rows',
        ...more,
        KeyConditions: {
          pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'p' }] },
          ...(more as { KeyConditions?: object }).KeyConditions,
        },
      }),
    );
  const sk = (ComparisonOperator: string, ...values: string[]) => ({
    KeyConditions: { sk: { ComparisonOperator, AttributeValueList: values.map((S) => ({ S })) } },
  });
  expect(sks((await query(sk('BEGINS_WITH', 'b'))) as never)).toEqual(['b', 'ba']);
  expect(sks((await query(sk('BETWEEN', 'b', 'c'))) as never)).toEqual(['b', 'ba', 'c']);
  const filtered = await query({
    QueryFilter: {
      n: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '1' }] },
      only: { ComparisonOperator: 'NULL' },
    },
    AttributesToGet: ['sk'],
  });
  expect(filtered.Items).toEqual([{ sk: { S: 'a' } }, { sk: { S: 'b' } }]);
  const scanned = await db.client.send(
    new ScanCommand({
      TableName: 'rows',
      ScanFilter: {
        n: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '2' }] },
        only: { ComparisonOperator: 'NOT_NULL' },
      },
      ConditionalOperator: 'OR',
    }),
  );
  expect(sks(scanned as never)).toEqual(['ba', 'c']);
  await expect(query(sk('NE', 'b'))).rejects.toMatchObject({
    message: 'Attempted conditional constraint is not an indexable operation',
  });
  await expect(query({ ConditionalOperator: 'OR' })).rejects.toMatchObject({
    message: 'One or more parameter values were invalid: ConditionalOperator cannot be used without Filter or Expected',
  });
});
