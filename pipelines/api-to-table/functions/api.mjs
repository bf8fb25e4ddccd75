import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { hopMetric } from './hop-metric.mjs';

const kinesis = new KinesisClient({});

/** Takes an order by POST and puts it into the stream. 202 says that it is there; anything else, that the caller must send it again. */
export const handler = async (event) => {
  const receivedAt = Date.now();
  const order = readOrder(event);
  if (!order) return answer(400, { error: 'The body must be a JSON object with a text "id".' });
  await kinesis.send(
    new PutRecordCommand({
      StreamName: process.env.STREAM_NAME,
      PartitionKey: order.id.slice(0, 256),
      Data: Buffer.from(JSON.stringify({ ...order, receivedAt })),
    }),
  );
  hopMetric('accepted', [Date.now() - receivedAt], [order.id]);
  return answer(202, { id: order.id });
};

function readOrder({ body, isBase64Encoded }) {
  try {
    const order = JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
    return typeof order.id === 'string' && order.id !== '' ? order : undefined;
  } catch {
    return undefined;
  }
}

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
