import type { PlainRoute } from '../../wire/dispatch.js';
import type { WireReply, WireRequest } from '../../wire/wire-request.js';
import type { DynamoDbState } from './dynamodb-state.js';

const LIMIT_BYTES = 64 * 1024;

/**
 * `POST /_pipectl/dynamodb/roll-shard {"table": "orders"}` ends the open shard of the table's stream and opens a child of it, as AWS does
 * every four hours or so. `region` is us-east-1 unless given.
 */
export function rollShardRoute(state: DynamoDbState): PlainRoute {
  return (request) =>
    request.path === '/_pipectl/dynamodb/roll-shard'
      ? { openTo: 'program', reply: () => roll(state, request) }
      : undefined;
}

async function roll(state: DynamoDbState, { method, body }: WireRequest): Promise<WireReply> {
  if (method !== 'POST') return reply(405, { message: 'POST {"table": "NAME"}.' });
  const given = readJson((await body(LIMIT_BYTES)).toString('utf8'));
  const { table: name, region = 'us-east-1' } = given ?? {};
  if (typeof name !== 'string' || typeof region !== 'string') return reply(400, { message: 'POST {"table": "NAME"}.' });
  const stream = state.tables(region).get(name)?.stream;
  if (stream?.status !== 'ENABLED') {
    return reply(404, { message: `Table "${name}" with an enabled stream not found in ${region}.` });
  }
  stream.roll(state.nowMs);
  return reply(200, { shards: stream.shards(state.nowMs).map(({ id }) => id) });
}

function readJson(text: string): { table?: unknown; region?: unknown } | undefined {
  try {
    return JSON.parse(text) as { table?: unknown };
  } catch {
    return undefined;
  }
}

const reply = (status: number, value: object): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
