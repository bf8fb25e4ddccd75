import { defineService } from '../../define-service.js';
import { FirehoseState } from './firehose-state.js';
import { hoseDestination } from './hose-destination.js';
import {
  createDeliveryStream,
  deleteDeliveryStream,
  describeDeliveryStream,
  listDeliveryStreams,
} from './operations/delivery-streams.js';
import { startDeliveryStreamEncryption, stopDeliveryStreamEncryption } from './operations/encryption.js';
import { putRecord, putRecordBatch } from './operations/put-records.js';
import { listTagsForDeliveryStream, tagDeliveryStream, untagDeliveryStream } from './operations/tags.js';
import { updateDestination } from './operations/update-destination.js';

/** Data Firehose: delivery streams that write objects into buckets. */
export const firehose = defineService({
  id: 'firehose',
  title: 'Firehose',
  state: (environment) => new FirehoseState(environment),
  constraints: { DeliveryStreamName: { min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' } },
  operations: [
    createDeliveryStream,
    deleteDeliveryStream,
    describeDeliveryStream,
    listDeliveryStreams,
    listTagsForDeliveryStream,
    putRecord,
    putRecordBatch,
    startDeliveryStreamEncryption,
    stopDeliveryStreamEncryption,
    tagDeliveryStream,
    untagDeliveryStream,
    updateDestination,
  ],
  destinations: (state) => [hoseDestination(state)],
  drain: (state) => state.drain(),
  close: (state) => state.close(),
  gaps: [
    '**Destinations** are buckets. Roles are kept and give no access: nobody is refused.',
    '**Transformation by a function, backup, dynamic partitioning, format conversion** and decompression are refused by name, and so is every destination but a bucket.',
    '**Snappy** objects have Snappy’s framing format (`.sz`), which AWS does not document.',
    '**Timestamps in prefixes** take the letters `y u M d D E H h a m s S` of Java’s DateTimeFormatter.',
    '**Quotas** are those of one delivery stream with direct puts; they do not rise with the load.',
  ],
});
