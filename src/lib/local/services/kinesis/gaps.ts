/** What Kinesis leaves out; OMISSIONS.md is written from these lines. */
export const KINESIS_GAPS: readonly string[] = [
  '**Channels** (CreateChannel, DeleteChannel, DescribeChannel, ListChannels, UpdateChannel) answer 501. **Queues**, which are newer than the SDK in use, are unknown operations.',
  "**On-demand streams scale by the minute**: each minute whose load, doubled, is more than the shards carry doubles them, where AWS takes up to fifteen. They never shrink by themselves, as AWS's do when the greatest load of 30 days is past; a shard that is hot by itself is not split. With `--limits off` they stay as they are.",
  '**Call rates** of the control plane and of GetShardIterator hold with `--limits all` alone, for what comes over the wire, not for calls between services of the endpoint (CloudFormation, event source mappings). Operations whose rate AWS does not document (TagResource, UpdateMaxRecordSize and the like) have none here.',
  "**Readers inside the endpoint** (event source mappings) count their bytes against a shard's 2 MiB/s, but not their calls against its five GetRecords a second: they are told of new records and would otherwise read more often than AWS's pollers do.",
  '**Limits are exact**, to the record and the byte. AWS enforces them across many machines and does not promise such exactness.',
  "**Encryption** is remembered, and records written under it say so. Nothing is encrypted and no key is looked up: `KMSNotFoundException` comes only for what can be no key's id, ARN or alias, the other KMS errors never.",
  '**Resource policies** are kept and handed back; nobody is refused by them. There is one account and no IAM.',
  '**Enhanced monitoring** is remembered and shown; no metrics are published.',
  "**Sequence numbers** have AWS's layout and grow as AWS's do, but without the gaps that AWS leaves between two records. PutRecords keeps the order of its entries within a shard, which AWS does not promise.",
  '**Retention** is bounded by memory as well (512 MiB, `local start --memory`): beyond it the oldest records go first, whichever stream they are in, and the log says so once.',
  '**UpdateShardCount to the present count** makes the shards even again; where they are even it changes nothing. AWS does not say what it does.',
  "**The sentences of some refusals** are the endpoint's own, where AWS's are known to nobody but those who met them: the limits per day, warm throughput, what contradicts itself. Their codes are AWS's.",
  '**Passing states** (CREATING, UPDATING, DELETING) last 30 ms.',
  '**Dual-stack, FIPS and account-specific host names** are not told apart: one port answers for all.',
];
