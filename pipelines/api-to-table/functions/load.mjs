import { hopMetric } from './hop-metric.mjs';
import pg from './pg.cjs';

// One connection for each sandbox: Lambda runs one invocation at a time in it.
const pool = new pg.Pool({ connectionString: process.env.WAREHOUSE_URL, max: 1, connectionTimeoutMillis: 5000 });
pool.on('error', () => {}); // an idle connection broke; the next query makes a new one

const INSERT = `
  insert into orders (id, body, received_at)
  select id, body::jsonb, to_timestamp(received_at / 1000.0)
  from unnest($1::text[], $2::text[], $3::float8[]) as new (id, body, received_at)
  on conflict (id) do nothing`;

/**
 * Inserts the new items of a table's stream into Postgres, each once: a row that a former attempt has inserted stays as it is. If Postgres does
 * not take the batch, the first sequence number is reported, so that Lambda retries all of it.
 */
export const handler = async ({ Records }) => {
  const changedAt = Date.now();
  const orders = Records.filter(({ eventName }) => eventName === 'INSERT').map(({ dynamodb: { NewImage: image } }) => ({
    id: image.id.S,
    body: image.body.S,
    receivedAt: Number(image.receivedAt.N),
  }));
  const since = (at) => orders.map(({ receivedAt }) => at - receivedAt);
  hopMetric('changed', since(changedAt));
  if (orders.length === 0) return { batchItemFailures: [] };
  try {
    await pool.query(INSERT, [
      orders.map(({ id }) => id),
      orders.map(({ body }) => body),
      orders.map(({ receivedAt }) => receivedAt),
    ]);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ level: 'ERROR', orders: orders.length, reason: String(error) })}\n`);
    return { batchItemFailures: [{ itemIdentifier: Records[0].dynamodb.SequenceNumber }] };
  }
  hopMetric('inserted', since(Date.now()));
  return { batchItemFailures: [] };
};
