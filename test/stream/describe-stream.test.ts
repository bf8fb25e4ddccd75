import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import { describeStream } from '../../src/lib/stream/describe-stream.js';
import { localKinesis } from './local-kinesis.js';

const clock = new DrivenClock(Date.now()); // stands still: a stream is young for 30 ms
const parts = localKinesis({ clock });

it('shows a stream that is still being created without asking for shards that AWS would refuse to list', async () => {
  const { kinesis, control } = parts;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'young', ShardCount: 2 }));
  expect(await describeStream(control, 'young')).toMatchObject({
    status: 'CREATING',
    openShards: 0,
    shards: [],
    consumers: [],
  });
  clock.advance(1000);
  expect(await describeStream(control, 'young')).toMatchObject({ status: 'ACTIVE', openShards: 2 });
});
