// The loop one writes with the AWS SDK: every shard at once, each record's JSON parsed and written.
import http from 'node:http';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const [endpoint, wanted] = [process.argv[2], Number(process.argv[3])];
const client = new KinesisClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: new NodeHttpHandler({ httpAgent: new http.Agent({ keepAlive: true }) }),
});
let seen = 0;
const { Shards } = await client.send(new ListShardsCommand({ StreamName: 's' }));
await Promise.all(
  Shards.map(async ({ ShardId }) => {
    const start = await client.send(
      new GetShardIteratorCommand({ StreamName: 's', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    let iterator = start.ShardIterator;
    while (seen < wanted) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
      iterator = answer.NextShardIterator;
      seen += answer.Records.length;
      let text = '';
      for (const { Data } of answer.Records) text += `${JSON.stringify(JSON.parse(Buffer.from(Data).toString()))}\n`;
      process.stdout.write(text);
    }
  }),
);
