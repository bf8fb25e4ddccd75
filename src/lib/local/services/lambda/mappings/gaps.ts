/** What event source mappings leave out; OMISSIONS.md is written from these lines. */
export const MAPPING_GAPS: readonly string[] = [
  '**Sources**: Kinesis streams and their consumers (read like the stream, without a rate of their own), SQS queues, and streams of DynamoDB tables. Kafka and the rest are refused.',
  '**Tumbling windows** work with a parallelization factor of 1 and are refused above it; a window with no later record ends a second after its time, where AWS waits up to two minutes.',
  '**Provisioned pollers**, metrics, logs of mappings and encrypted filters are refused, and what only other sources have. On-failure destinations: S3 buckets, queues and topics.',
  '**Time**: records are handed over as soon as they are written; AWS polls once a second. A mapping is enabled within milliseconds; LATEST is taken at that moment, so what is written before the state says Enabled is not delivered, as on AWS.',
  '**A failed batch comes again** after 100 ms, then twice as long each time up to 10 s; AWS does not say how long it waits.',
  "**Discarded batches** without a destination are told in the endpoint's log. A record that makes an event above 6 MB is discarded without a try; its condition is `RecordTooLarge`, a name that AWS does not document.",
  '**Tries of a batch with item failures** count for its first record: when that one succeeds, the count begins again.',
];
