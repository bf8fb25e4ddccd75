import type { FaultHooks } from './faults.js';
import { BadFault, parseFaults } from './parse-faults.js';
import type { PlainRoute } from './wire/dispatch.js';
import type { WireReply, WireRequest } from './wire/wire-request.js';

const LIMIT_BYTES = 1024 * 1024;

/**
 * `POST /_pipectl/faults` arms a list of faults (JSON, see `Fault`) or none of them when one is wrong; `DELETE` disarms all.
 * Both want a signature or an `X-Pipectl` header, as every request does that changes something.
 */
export function faultsRoute(faults: FaultHooks): PlainRoute {
  return (request) => {
    if (request.path !== '/_pipectl/faults') return undefined;
    return { openTo: 'program', reply: () => control(faults, request) };
  };
}

async function control(faults: FaultHooks, { method, body }: WireRequest): Promise<WireReply> {
  if (method === 'POST') return arm(faults, (await body(LIMIT_BYTES)).toString('utf8'));
  if (method !== 'DELETE') return reply(405, { message: 'POST a list of faults, or DELETE all of them.' });
  faults.clear();
  return reply(200, { armed: 0 });
}

function arm(faults: FaultHooks, text: string): WireReply {
  try {
    const parsed = parseFaults(text);
    for (const fault of parsed) faults.add(fault);
    return reply(200, { armed: parsed.length });
  } catch (error) {
    if (error instanceof BadFault) return reply(400, { message: error.message });
    throw error;
  }
}

const reply = (status: number, value: object): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
