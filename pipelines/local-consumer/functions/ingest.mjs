// Reads orders from a batch of Kinesis records. An order without a customer fails the batch, and Lambda hands it over again.
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const order = JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
    if (typeof order.customer !== 'string') throw new Error(`order ${order.order} has no customer`);
  }
};
