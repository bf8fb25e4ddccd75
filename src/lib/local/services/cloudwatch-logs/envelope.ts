import { gzipSync } from 'node:zlib';
import { formatEventId } from './event-id.js';
import type { StoredEvent } from './sorted-events.js';

/** What a subscription filter's destination receives: one record for Kinesis, one payload for Lambda. */
export interface EnvelopeContent {
  owner: string;
  logGroup: string;
  logStream: string;
  subscriptionFilters: string[];
  events: readonly StoredEvent[];
  /** Of a space-delimited pattern: the fields of a message by the names that the pattern gives them. */
  fieldsOf?: ((message: string) => Record<string, string>) | undefined;
}

export interface PackedEnvelope {
  bytes: Uint8Array;
  eventCount: number;
}

/**
 * The envelope in gzip, as https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html shows it; several of them
 * where a single one would be larger than `mostBytes`.
 */
export function packEnvelopes(content: EnvelopeContent, mostBytes: number): PackedEnvelope[] {
  const packed = compress({
    messageType: 'DATA_MESSAGE',
    owner: content.owner,
    logGroup: content.logGroup,
    logStream: content.logStream,
    subscriptionFilters: content.subscriptionFilters,
    logEvents: content.events.map((event) => ({
      id: formatEventId(event),
      timestamp: event.timestamp,
      message: event.message,
      ...(content.fieldsOf && { extractedFields: content.fieldsOf(event.message) }),
    })),
  });
  if (packed.byteLength <= mostBytes || content.events.length === 1) {
    return [{ bytes: packed, eventCount: content.events.length }];
  }
  const half = content.events.length >> 1;
  return [
    ...packEnvelopes({ ...content, events: content.events.slice(0, half) }, mostBytes),
    ...packEnvelopes({ ...content, events: content.events.slice(half) }, mostBytes),
  ];
}

/** The message with which AWS tries a Kinesis destination before it takes a subscription filter. */
export function packControlMessage(timestamp: number): Uint8Array {
  return compress({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp, message: 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.' }],
  });
}

/** Level 1, synchronously: for envelopes of a few kilobytes the detour over a thread costs more than the compression. */
const compress = (envelope: object): Uint8Array => gzipSync(JSON.stringify(envelope), { level: 1 });
