// A Kinesis that only reads: every shard holds the same canned records, served as fast as they are asked for.
//   node bench/tail/source.mjs PORT SHARDS RECORDS
import { createServer } from 'node:http';

const [port, shardCount, perShard] = [2, 3, 4].map((index) => Number(process.argv[index] ?? 0));
const sequence = (n) => `4966${String(n).padStart(52, '0')}`;
const chunks = [];
const CHUNK = 10_000;
for (let from = 0; from < perShard; from += CHUNK) {
  const records = Array.from({ length: Math.min(CHUNK, perShard - from) }, (_, index) => {
    const n = from + index;
    const head = `{"id":${n},"event_class":"order","event_type":"paid","pad":"`;
    const text = `${head}${'x'.repeat(Math.max(0, 198 - head.length))}"}`;
    return `{"ApproximateArrivalTimestamp":1700000000.123,"Data":"${Buffer.from(text).toString('base64')}","PartitionKey":"k${n % 97}","SequenceNumber":"${sequence(n)}"}`;
  });
  chunks.push(Buffer.from(records.join(',')));
}
// The KCL reads nothing before the shards' ranges cover all keys.
const hashKey = (index) => (2n ** 128n * BigInt(index)) / BigInt(shardCount);
const shards = Array.from({ length: shardCount }, (_, index) => ({
  ShardId: `shardId-${String(index).padStart(12, '0')}`,
  HashKeyRange: { StartingHashKey: String(hashKey(index)), EndingHashKey: String(hashKey(index + 1) - 1n) },
  SequenceNumberRange: { StartingSequenceNumber: sequence(0) },
}));
const summary = (StreamName) => ({
  StreamName,
  StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: 'PROVISIONED' },
  RetentionPeriodHours: 24,
  StreamCreationTimestamp: 1.7e9,
  EnhancedMonitoring: [],
  OpenShardCount: shardCount,
  ConsumerCount: 0,
});

const server = createServer((request, response) => {
  const body = [];
  request.on('data', (part) => body.push(part));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    const input = JSON.parse(Buffer.concat(body).toString() || '{}');
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation === 'GetRecords') {
      const [shard, at] = input.ShardIterator.split(' ');
      const chunk = chunks[Number(at)];
      const behind = Number(at) < chunks.length - 1 ? 1000 : 0;
      response.write(
        `{"MillisBehindLatest":${behind},"NextShardIterator":"${shard} ${chunk ? Number(at) + 1 : at}","Records":[`,
      );
      if (chunk) response.write(chunk);
      response.end(']}');
    } else if (operation === 'GetShardIterator') {
      const at = input.ShardIteratorType === 'LATEST' ? chunks.length : 0;
      response.end(JSON.stringify({ ShardIterator: `${input.ShardId} ${at}` }));
    } else if (operation === 'ListShards') response.end(JSON.stringify({ Shards: shards }));
    else if (operation === 'DescribeStreamSummary')
      response.end(JSON.stringify({ StreamDescriptionSummary: summary(input.StreamName ?? 's') }));
    else {
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: 'UnknownOperationException', message: operation }));
    }
  });
});
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
