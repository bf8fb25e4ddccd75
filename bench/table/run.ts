// Server CPU a call of our DynamoDB beside dynalite, in one run: `npx tsx bench/table/run.ts [--short]`.
import { createTable, type Server, startServers } from './servers.js';

const ROUNDS = 3;
const CALLS = process.argv.includes('--short') ? 1500 : 6000;
const IN_FLIGHT = 4;

interface Work {
  name: string;
  /** CPU a call, beside dynalite's, at most. */
  most?: number;
  /** How many of the calls; a batch counts as many. */
  share: number;
  operation: string;
  input(index: number): object;
  /** Only pipectl has it. */
  ours?: true;
}

const key = (index: number) => ({ pk: { S: `p${index % 50}` }, sk: { S: `s${index % 1000}` } });
const item = (index: number) => ({
  ...key(index),
  amount: { N: String(index) },
  name: { S: 'a customer of ours' },
  tags: { L: [{ S: 'a' }, { S: 'b' }] },
  address: { M: { city: { S: 'Berlin' }, zip: { S: '10115' } } },
});

const works: Work[] = [
  {
    name: 'PutItem',
    most: 0.7,
    share: 1,
    operation: 'PutItem',
    input: (index) => ({ TableName: 'bench', Item: item(index) }),
  },
  {
    name: 'PutItem, condition',
    most: 0.7,
    share: 1,
    operation: 'PutItem',
    input: (index) => ({
      TableName: 'bench',
      Item: item(index),
      ConditionExpression: 'attribute_not_exists(pk) OR (amount <> :no AND begins_with(#n, :a))',
      ExpressionAttributeNames: { '#n': 'name' },
      ExpressionAttributeValues: { ':no': { N: '-1' }, ':a': { S: 'a ' } },
    }),
  },
  {
    name: 'UpdateItem',
    most: 0.7,
    share: 1,
    operation: 'UpdateItem',
    input: (index) => ({
      TableName: 'bench',
      Key: key(index),
      UpdateExpression: 'SET amount = if_not_exists(amount, :zero) + :one, address.city = :city',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':zero': { N: '0' }, ':one': { N: '1' }, ':city': { S: 'Rome' } },
    }),
  },
  {
    name: 'GetItem',
    most: 1,
    share: 1,
    operation: 'GetItem',
    input: (index) => ({ TableName: 'bench', Key: key(index) }),
  },
  {
    name: 'Query of 20',
    most: 0.7,
    share: 0.25,
    operation: 'Query',
    input: (index) => ({
      TableName: 'bench',
      KeyConditionExpression: 'pk = :p AND sk >= :s',
      ExpressionAttributeValues: { ':p': { S: `p${index % 50}` }, ':s': { S: 's' } },
      Limit: 20,
    }),
  },
  {
    name: 'BatchWriteItem of 25',
    most: 0.7,
    share: 0.1,
    operation: 'BatchWriteItem',
    input: (index) => ({
      RequestItems: {
        bench: Array.from({ length: 25 }, (_, part) => ({ PutRequest: { Item: item(index * 25 + part) } })),
      },
    }),
  },
  {
    name: 'PutItem, stream',
    share: 1,
    operation: 'PutItem',
    ours: true,
    input: (index) => ({ TableName: 'streamed', Item: item(index) }),
  },
];

async function measure(server: Server, { name, operation, input, share }: Work): Promise<number> {
  const calls = Math.ceil(CALLS * share);
  const inputs = Array.from({ length: 1000 }, (_, index) => input(index));
  const before = server.cpuMicros();
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let index = next++; index < calls; index = next++) {
        const { status, body } = await server.call(operation, inputs[index % inputs.length] ?? {});
        if (status !== 200) throw new Error(`${server.name}, ${name}: ${status} ${body}`);
      }
    }),
  );
  return (server.cpuMicros() - before) / calls;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const servers = await startServers();
const [ours] = servers;
if (!ours) throw new Error('no server started');
try {
  for (const server of servers) await createTable(server, 'bench');
  await createTable(ours, 'streamed', {
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const micros = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const work of works) {
      for (const server of work.ours ? [ours] : servers) {
        const taken = await measure(server, work);
        const of = `${server.name} ${work.name}`;
        if (round > 0) micros.set(of, [...(micros.get(of) ?? []), taken]); // the first round warms up
      }
    }
  }
  const of = (server: string, work: string): number => median(micros.get(`${server} ${work}`) ?? []);
  console.log('server CPU a call, µs     pipectl  dynalite  ratio  at most');
  for (const { name, most, ours: alone } of works) {
    const [mine, peer] = [of('pipectl', name), alone ? of('pipectl', 'PutItem') : of('dynalite', name)];
    const shown = alone ? '(PutItem)' : peer.toFixed(0);
    console.log(
      `${name.padEnd(24)} ${mine.toFixed(0).padStart(9)} ${shown.padStart(9)} ${(mine / peer).toFixed(2).padStart(6)} ${String(most ?? 1.15).padStart(8)}`,
    );
  }
} finally {
  for (const server of servers) server.stop();
}
