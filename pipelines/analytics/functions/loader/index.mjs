import { post } from './post.mjs';
import { readRecords } from './read-records.mjs';
import { toBatches } from './to-batches.mjs';

/**
 * Posts the analytics events of one Kinesis batch to Tinybird. When some could not be delivered it writes which, and fails, so that Lambda
 * hands it the whole batch again: an event may arrive twice, none is lost while the mapping still has retries.
 */
export const handler = async (event, context) => {
  const { TINYBIRD_URL: url, TINYBIRD_AUTH_TOKEN: token } = process.env;
  if (!url || !token) throw new Error('TINYBIRD_URL and TINYBIRD_AUTH_TOKEN must be set');

  const { lines, unreadable } = readRecords(event.Records);
  for (const { sequenceNumber, reason } of unreadable) report({ level: 'ERROR', unreadable: sequenceNumber, reason });

  let delivered = 0;
  let quarantined = 0;
  for (const batch of toBatches(lines)) {
    const outcome = await post(url, token, batch, () => context.getRemainingTimeInMillis());
    if (outcome.partly)
      report({ level: 'ERROR', partly: batch.length, first: batch[0].slice(0, 500), reason: outcome.refusal });
    else if (outcome.refusal !== undefined) {
      const undelivered = lines.length - delivered;
      report({ level: 'ERROR', undelivered, first: lines[delivered].slice(0, 500), reason: outcome.refusal });
      throw new Error(`${undelivered} of ${lines.length} events not delivered: ${outcome.refusal}`);
    }
    delivered += batch.length;
    quarantined += outcome.quarantined ?? 0;
  }
  report({ records: event.Records.length, delivered, ...(quarantined > 0 && { quarantined }) });
};

const report = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);
