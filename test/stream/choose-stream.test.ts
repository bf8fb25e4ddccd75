import { CreateStreamCommand, DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { chooseStream, streamNameOf } from '../../src/lib/stream/choose-stream.js';
import { listStreamNames, summarizeStream } from '../../src/lib/stream/list-streams.js';
import { localKinesis } from './local-kinesis.js';

const parts = localKinesis();
const LOCAL = { target: { kind: 'local', region: 'us-east-1' } } as const;
const ELSEWHERE = { target: { kind: 'localstack', region: 'us-east-1' } } as const;

// One endpoint, one story: from no stream to several.
describe('which stream a command works on', () => {
  it('makes none where it may not', async () => {
    await expect(chooseStream(parts.control, { ...ELSEWHERE, shardsIfMade: 2 })).rejects.toMatchObject({
      message: `No streams found in us-east-1 at ${parts.endpoint.url}.`,
      hint: 'To create it: pipectl provision transactions --shards 1',
    });
    await expect(chooseStream(parts.control, LOCAL)).rejects.toThrow('No streams found in ');
    expect(await listStreamNames(parts.control)).toEqual([]);
  });

  it('makes `transactions` on the local target, with shards enough, and says so', async () => {
    const made: string[] = [];
    const chosen = await chooseStream(parts.control, {
      ...LOCAL,
      shardsIfMade: 3,
      onMaking: (name, shards) => made.push(`${name} ${shards}`),
    });
    expect(chosen).toEqual({ name: 'transactions', why: 'the default, there was none', made: true });
    expect(made).toEqual(['transactions 3']);
    expect(await summarizeStream(parts.control, 'transactions')).toMatchObject({ status: 'ACTIVE', openShards: 3 });
  });

  it('takes the only one there is', async () => {
    await expect(chooseStream(parts.control, { ...LOCAL, shardsIfMade: 1 })).resolves.toEqual({
      name: 'transactions',
      why: 'the only one there is',
      made: false,
    });
  });

  it('two at the same moment make one', async () => {
    const both = await Promise.all(
      [1, 2].map(() => chooseStream(parts.control, { ...LOCAL, named: 'orders', shardsIfMade: 1 })),
    );
    expect(both.map(({ name }) => name)).toEqual(['orders', 'orders']);
    expect(await summarizeStream(parts.control, 'orders')).toMatchObject({ status: 'ACTIVE', openShards: 1 });
  });

  it('asks when there are several, after the name, the variable and the file', async () => {
    await expect(chooseStream(parts.control, LOCAL)).rejects.toMatchObject({
      message: 'There are 2 streams: orders, transactions.',
      exitCode: 2,
    });
    const named = { named: 'orders', variable: 'transactions', fromFile: 'transactions' };
    await expect(chooseStream(parts.control, { ...LOCAL, ...named })).resolves.toMatchObject({
      name: 'orders',
      why: 'named',
    });
    await expect(
      chooseStream(parts.control, { ...LOCAL, variable: 'transactions', fromFile: 'orders' }),
    ).resolves.toMatchObject({ name: 'transactions', why: 'PIPECTL_STREAM' });
    await expect(chooseStream(parts.control, { ...LOCAL, variable: '', fromFile: 'orders' })).resolves.toMatchObject({
      name: 'orders',
      why: '`stream` in pipectl.yaml',
    });
  });

  it('makes no stream for a slip of the key where it is told so', async () => {
    const reader = { ...LOCAL, shardsIfMade: 1, refuseNear: true };
    await expect(chooseStream(parts.control, { ...reader, named: 'ordres' })).rejects.toMatchObject({
      message: `Stream "ordres" not found in us-east-1 at ${parts.endpoint.url}.`,
      hint: expect.stringContaining('Did you mean "orders"?'),
    });
    await expect(chooseStream(parts.control, { ...reader, named: 'xyz' })).resolves.toMatchObject({ made: true });
  });

  it('makes no stream for a slip of the key where streams are made, unless it is told to', async () => {
    const writer = { ...LOCAL, shardsIfMade: 1, named: 'ordres' };
    await expect(chooseStream(parts.control, writer)).rejects.toMatchObject({
      message: `Stream "ordres" not found in us-east-1 at ${parts.endpoint.url}.`,
      hint: 'Did you mean "orders"? To create "ordres", add --create.',
    });
    await expect(chooseStream(parts.control, { ...writer, create: true })).resolves.toMatchObject({ made: true });
    await parts.kinesis.send(new DeleteStreamCommand({ StreamName: 'ordres' }));
    await expect.poll(() => listStreamNames(parts.control)).not.toContain('ordres');
  });

  it('suggests what was meant', async () => {
    await expect(chooseStream(parts.control, { ...ELSEWHERE, named: 'ordres' })).rejects.toMatchObject({
      message: `Stream "ordres" not found in us-east-1 at ${parts.endpoint.url}.`,
      hint: 'Did you mean "orders"? To create it: pipectl provision ordres --shards 1',
    });
  });

  it('waits for one that is being made, and refuses one that is being deleted', async () => {
    await parts.kinesis.send(new CreateStreamCommand({ StreamName: 'late', ShardCount: 1 }));
    await expect(chooseStream(parts.control, { ...LOCAL, named: 'late' })).resolves.toMatchObject({ made: false });
    await parts.kinesis.send(new DeleteStreamCommand({ StreamName: 'late' }));
    await expect(chooseStream(parts.control, { ...LOCAL, named: 'late' })).rejects.toThrow('late is being deleted.');
  });

  it('reads an ARN, and refuses what is no name', () => {
    expect(streamNameOf('arn:aws:kinesis:eu-west-1:123456789012:stream/orders')).toBe('orders');
    expect(() => streamNameOf('or ders')).toThrow('"or ders" cannot be the name of a stream.');
  });
});
