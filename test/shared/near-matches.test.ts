import { describe, expect, it } from 'vitest';
import { slipOf } from '../../src/lib/shared/near-matches.js';

describe('a slip of the keys', () => {
  it.each([
    ['ordrs', 'orders'],
    ['ordres', 'orders'],
    ['order', 'orders'],
    ['Orders', 'orders'],
    ['data-pipelin', 'data-pipeline'],
    ['data_pipeline', 'data-pipeline'],
    ['datapipeline', 'data-pipeline'],
    ['transacton', 'transactions'],
  ])('%s means %s', (wanted, name) => expect(slipOf(wanted, ['clicks', name])).toBe(name));
  it.each([
    ['orders', 'orders'],
    ['orders-eu', 'orders-us'],
    ['orders-1', 'orders-2'],
    ['orders-v2', 'orders'],
    ['orders-dlq', 'orders'],
    ['a', 'b'],
    ['test-a', 'test-b'],
    ['in', 'out'],
    ['clicks', 'orders'],
    ['dev-orders', 'prod-orders'],
  ])('%s beside %s is a name of its own', (wanted, name) => expect(slipOf(wanted, [name])).toBeUndefined());
});
