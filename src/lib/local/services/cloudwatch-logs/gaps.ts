/** What CloudWatch Logs leaves out; OMISSIONS.md is written from these lines. */
export const LOGS_GAPS: readonly string[] = [
  '**Only groups, streams, events, filters and Live Tail.** Insights queries, export tasks, deliveries, logical destinations, account, data protection and resource policies, transformers, anomaly detectors and scheduled queries answer 501.',
  '**Subscription filters deliver to Kinesis streams, delivery streams and Lambda functions** of the endpoint. Logical destinations and OpenSearch are refused by name with InvalidParameterException.',
  "**A filter's role is not looked at**, only that the stream is there and takes AWS's control message. A function must let CloudWatch Logs invoke it, as on AWS; its permission is looked at when the filter is put, and not again.",
  '**There is one account:** `includeLinkedAccounts` and `accountIdentifiers` change nothing, and neither does an `entity` of PutLogEvents.',
  "**Delivery is prompt.** Each PutLogEvents call makes one envelope for each filter; AWS gathers for a moment. Throttled deliveries are tried again for a day, as on AWS; 64 MiB may wait. What is lost after that is named in the endpoint's own log, never dropped unsaid.",
  '**Metric filters** are checked, kept and tried out by TestMetricFilter. No metric comes of them.',
  '**Retention** takes effect to the millisecond, where AWS takes days. Stored events are bounded by memory too (128 MiB, or a quarter of `--memory`): the oldest go first, and the log says so once.',
  '**Rates of calls** are not limited. Encryption keys and `applyOnTransformedLogs` are remembered and change nothing. Of the log classes only Standard has filters and Live Tail, as on AWS; the events of the others can be read here all the same.',
  '**Live Tail** shows the first 500 events of a second where AWS samples. The SDKs put `stream-` (before April 2026 `streaming-`) before the host name of this one call, and no machine knows `stream-localhost`: switch host prefixes off (`disableHostPrefix: true` in JavaScript, `Config(inject_host_prefix=False)` in Python). The AWS CLI has no switch for it; `pipectl logs --follow` does without Live Tail.',
  "**Filter patterns** follow AWS's documentation; where it is silent, in JSON patterns: `=`, `!=` and the rest see strings, numbers and booleans, never null, objects or arrays; a number in quotes and one without are the same. In space-delimited ones the last field takes the rest of the line. A regular expression may stand for 1,024 characters at most, its repetitions counted.",
];
