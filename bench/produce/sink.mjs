// A Kinesis that stores nothing: it counts what arrives, by second and by 100 ms, and answers as AWS would. It opens KPL aggregates to count what is in
// them. Not a part of pipectl: a counterpart that costs little, so that the client is what is measured. Over TLS too, which the KPL insists on.
//   node bench/produce/sink.mjs PORT SHARDS        prints its two ports
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { generate } from 'selfsigned';

const port = Number(process.argv[2] ?? 5555);
const shardCount = Number(process.argv[3] ?? 4);
const SEQUENCE = '49650000000000000000000000000000000000000000000000000000';
const SPACE = 2n ** 128n;
const shards = Array.from({ length: shardCount }, (_, index) => ({
  ShardId: `shardId-${String(index).padStart(12, '0')}`,
  HashKeyRange: {
    StartingHashKey: String((SPACE / BigInt(shardCount)) * BigInt(index)),
    EndingHashKey: String(
      index === shardCount - 1 ? SPACE - 1n : (SPACE / BigInt(shardCount)) * BigInt(index + 1) - 1n,
    ),
  },
  SequenceNumberRange: { StartingSequenceNumber: SEQUENCE },
}));

const entry = JSON.stringify({ SequenceNumber: SEQUENCE, ShardId: 'shardId-000000000000' });
const answers = new Map();
const answerFor = (count) => {
  let answer = answers.get(count);
  if (!answer)
    answers.set(
      count,
      (answer = Buffer.from(`{"FailedRecordCount":0,"Records":[${Array(count).fill(entry).join(',')}]}`)),
    );
  return answer;
};

let stats = fresh();
function fresh() {
  return { records: 0, userRecords: 0, calls: 0, bytes: 0, firstAt: 0, lastAt: 0, bySecond: [], by100ms: [] };
}

const DATA = Buffer.from('"Data"');
/** base64 of the aggregation's magic number: its last character holds two bits of what follows. */
const MAGIC = Buffer.from('84mawg');
const MAGIC_OTHER = Buffer.from('84mawm');

function count(body) {
  let records = 0;
  let users = 0;
  for (let at = body.indexOf(DATA); at !== -1; at = body.indexOf(DATA, at)) {
    const start = body.indexOf(0x22, at + 6) + 1;
    records += 1;
    const head = body.subarray(start, start + 5);
    if (head.equals(MAGIC.subarray(0, 5)) || head.equals(MAGIC_OTHER.subarray(0, 5))) {
      const end = body.indexOf(0x22, start);
      users += usersIn(Buffer.from(body.latin1Slice(start, end), 'base64'));
      at = end;
    } else {
      users += 1;
      at = start;
    }
  }
  return { records, users };
}

function usersIn(aggregate) {
  let users = 0;
  const end = aggregate.length - 16;
  for (let at = 4; at < end; ) {
    const tag = aggregate[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = aggregate[at++];
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (tag === 0x1a) users += 1;
    at += length;
  }
  return users;
}

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

function serve(request, response) {
  if (request.url === '/stats') return response.end(JSON.stringify(stats));
  if (request.url === '/reset') {
    stats = fresh();
    return response.end();
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation === 'PutRecords' || operation === 'PutRecord') {
      const now = performance.now();
      const { records, users } = count(body);
      stats.firstAt ||= now;
      stats.lastAt = now;
      stats.records += records;
      stats.userRecords += users;
      stats.calls += 1;
      stats.bytes += body.length;
      const second = Math.floor((now - stats.firstAt) / 1000);
      const slot = Math.floor((now - stats.firstAt) / 100);
      stats.bySecond[second] = (stats.bySecond[second] ?? 0) + users;
      stats.by100ms[slot] = (stats.by100ms[slot] ?? 0) + users;
      response.end(operation === 'PutRecord' ? entry : answerFor(records));
      return;
    }
    const name = JSON.parse(body.toString() || '{}').StreamName ?? 's';
    if (operation === 'DescribeStreamSummary')
      response.end(JSON.stringify({ StreamDescriptionSummary: summary(name) }));
    else if (operation === 'ListShards') response.end(JSON.stringify({ Shards: shards }));
    else if (operation === 'ListStreams') response.end(JSON.stringify({ StreamNames: ['s'], HasMoreStreams: false }));
    else {
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: 'UnknownOperationException', message: operation }));
    }
  });
}

const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 });
const listening = (server, at) => {
  server.keepAliveTimeout = 600_000;
  return new Promise((resolve) => server.listen(at, '127.0.0.1', () => resolve(server.address().port)));
};
const plain = await listening(createServer(serve), port);
console.log(`ready ${plain} ${await listening(createSecureServer({ key, cert }, serve), 0)}`);
