// The loop one writes with the AWS SDK: PutRecords of 500, four at a time; the data are ready before it starts.
import http from 'node:http';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const [endpoint, total, size] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = new KinesisClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: new NodeHttpHandler({ httpAgent: new http.Agent({ keepAlive: true, maxSockets: 16 }) }),
});
const Data = new Uint8Array(size).fill(120);
let next = 0;
await Promise.all(
  Array.from({ length: 4 }, async () => {
    while (next < total) {
      const count = Math.min(500, total - next);
      const from = next;
      next += count;
      const Records = Array.from({ length: count }, (_, n) => ({ Data, PartitionKey: `k${(from + n) % 997}` }));
      await client.send(new PutRecordsCommand({ StreamName: 's', Records }));
    }
  }),
);
