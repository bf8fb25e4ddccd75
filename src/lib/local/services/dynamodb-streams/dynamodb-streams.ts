import { defineService } from '../../define-service.js';
import { describeStream } from './operations/describe-stream.js';
import { getRecords } from './operations/get-records.js';
import { getShardIterator } from './operations/get-shard-iterator.js';
import { listStreams } from './operations/list-streams.js';
import { streamSource } from './stream-source.js';
import { StreamStore } from './stream-store.js';

/** DynamoDB Streams: the changes of tables, kept for 24 hours. */
export const dynamodbStreams = defineService({
  id: 'dynamodb-streams',
  title: 'DynamoDB Streams',
  state: (environment) => StreamStore.of(environment),
  operations: [describeStream, getRecords, getShardIterator, listStreams],
  eventSources: (store) => [streamSource(store)],
  gaps: [
    '**One open shard** for each stream, whatever the size of its table. It ends after four hours, or at once by `POST /_pipectl/dynamodb/roll-shard`.',
    '**Memory**: records beyond the bound (`--memory`, 256 MiB unless given) are dropped before their 24 hours.',
    '**Readers** have no limit of two for each shard.',
  ],
});
