import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { hopMetric } from './hop-metric.mjs';

const dynamodb = new DynamoDBClient({});

/**
 * Puts the orders of a Kinesis batch into the table, each once: the condition refuses an order that a former attempt has stored. What fails is
 * reported by its sequence number, so that Lambda retries from there.
 */
export const handler = async ({ Records }) => {
  const outcomes = await Promise.all(Records.map(store));
  const stored = outcomes.filter(({ storedAt }) => storedAt);
  hopMetric(
    'streamed',
    stored.map(({ order, streamedAt }) => streamedAt - order.receivedAt),
  );
  hopMetric(
    'stored',
    stored.map(({ order, storedAt }) => storedAt - order.receivedAt),
    stored.map(({ order }) => order.id),
  );
  return { batchItemFailures: outcomes.flatMap(({ failed }) => (failed ? [{ itemIdentifier: failed }] : [])) };
};

async function store({ kinesis }) {
  const order = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
  const outcome = { order, streamedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000) };
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env.TABLE_NAME,
        Item: {
          id: { S: order.id },
          receivedAt: { N: String(order.receivedAt) },
          body: { S: JSON.stringify(order) },
        },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
    return { ...outcome, storedAt: Date.now() };
  } catch (error) {
    // Without the order's ID: that in this log says that it is stored.
    process.stdout.write(
      `${JSON.stringify({ level: 'ERROR', record: kinesis.sequenceNumber, reason: String(error) })}\n`,
    );
    if (error.name === 'ConditionalCheckFailedException') return {}; // it is there already
    return { failed: kinesis.sequenceNumber };
  }
}
