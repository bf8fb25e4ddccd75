import { gunzipSync } from 'node:zlib';

/**
 * The log lines inside records that a subscription filter has put into a stream: each record is a gzipped envelope of many lines. Control
 * messages, by which CloudWatch Logs tries the destination, hold none. A record, or a line of one, that cannot be read will not get better by
 * trying again, so it is reported and passed over, and nothing else with it.
 */
export function readRecords(records) {
  const lines = [];
  const unreadable = [];
  for (const { kinesis } of records) {
    const passOver = ({ message: reason }) => unreadable.push({ sequenceNumber: kinesis.sequenceNumber, reason });
    for (const message of messagesOf(kinesis.data, passOver)) {
      try {
        // Parsed and written again: a line of JSON may be laid out over several.
        lines.push(JSON.stringify(JSON.parse(message)));
      } catch (error) {
        passOver(error);
      }
    }
  }
  return { lines, unreadable };
}

function messagesOf(data, passOver) {
  try {
    const envelope = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8'));
    return envelope.messageType === 'DATA_MESSAGE' ? envelope.logEvents.map(({ message }) => message) : [];
  } catch (error) {
    passOver(error);
    return [];
  }
}
