import { gunzipSync } from 'node:zlib';

/**
 * The log lines inside records that a subscription filter has put into a stream: each record is a gzipped envelope of many lines. Control
 * messages, by which CloudWatch Logs tries the destination, hold none. A record that cannot be read will not get better by trying again,
 * so it is reported and passed over.
 */
export function readRecords(records) {
  const lines = [];
  const unreadable = [];
  for (const { kinesis } of records) {
    try {
      const envelope = JSON.parse(gunzipSync(Buffer.from(kinesis.data, 'base64')).toString('utf8'));
      if (envelope.messageType !== 'DATA_MESSAGE') continue;
      // Parsed and written again: a line of JSON may be laid out over several.
      for (const { message } of envelope.logEvents) lines.push(JSON.stringify(JSON.parse(message)));
    } catch (error) {
      unreadable.push({ sequenceNumber: kinesis.sequenceNumber, reason: error.message });
    }
  }
  return { lines, unreadable };
}
