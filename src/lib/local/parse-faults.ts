import type { Fault, FaultPoint } from './faults.js';
import { catalog, loadService } from './wire/service-model.js';

const KINDS: readonly Fault['kind'][] = ['error', 'delay', 'drop', 'duplicate', 'reorder', 'crash'];
/** What can happen to an operation; the others need a delivery with an order or a process of its own. */
const OPERATION_KINDS: readonly Fault['kind'][] = ['error', 'delay', 'drop', 'duplicate'];
const NUMBERS = ['times', 'probability', 'seed', 'delayMs'] as const;
const TEXTS = ['match', 'code', 'message'] as const;
const FIELDS: readonly string[] = ['at', 'kind', ...NUMBERS, ...TEXTS];

/** A fault description that cannot be armed; the message says which field of which fault is wrong. */
export class BadFault extends Error {}

/**
 * Reads faults from JSON: a list of them, or one.
 * @throws BadFault
 */
export function parseFaults(text: string): Fault[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadFault('The body must be JSON: a list of faults, or one.');
  }
  return (Array.isArray(value) ? value : [value]).map(parseFault);
}

function parseFault(value: unknown, index: number): Fault {
  const fail = (what: string): never => {
    throw new BadFault(`Fault ${index + 1}: ${what}`);
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('it must be an object.');
  const source = value as Record<string, unknown>;
  const unknown = Object.keys(source).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) fail(`"${unknown}" is not a field; there are ${FIELDS.join(', ')}.`);
  const { at } = source;
  if (typeof at !== 'string' || !/^[\w-]+\.\w+$/.test(at)) {
    return fail('"at" must be SERVICE.OPERATION or a delivery point, such as kinesis.PutRecords or logs.deliver.');
  }
  const unknownPoint = whyUnknown(at);
  if (unknownPoint !== undefined) fail(unknownPoint);
  const kind = KINDS.find((name) => name === source.kind) ?? fail(`"kind" must be one of ${KINDS.join(', ')}.`);
  if (isOperation(at) && !OPERATION_KINDS.includes(kind)) {
    fail(`${kind} strikes deliveries; an operation takes ${OPERATION_KINDS.join(', ')}.`);
  }
  const fault: Fault = { at: at as FaultPoint, kind };
  for (const name of NUMBERS) {
    const number = source[name];
    if (number === undefined) continue;
    if (typeof number !== 'number' || !(number >= 0)) return fail(`"${name}" must be a number, 0 or more.`);
    fault[name] = number;
  }
  if (fault.probability !== undefined && fault.probability > 1) fail('"probability" must be between 0 and 1.');
  if (kind === 'delay' && fault.delayMs === undefined) fail('a delay needs "delayMs".');
  for (const name of TEXTS) {
    const member = source[name];
    if (member === undefined) continue;
    if (typeof member !== 'string') return fail(`"${name}" must be text.`);
    fault[name] = member;
  }
  // It travels in a header.
  if (fault.code !== undefined && !/^[\w.:#-]+$/.test(fault.code)) fail('"code" must be the name of an error.');
  return fault;
}

/** AWS's operations begin with a capital letter, delivery points do not. */
const isOperation = (at: string): boolean => /\.[A-Z]/.test(at);

/** A fault at an operation that does not exist would wait for ever, in silence. */
function whyUnknown(at: string): string | undefined {
  if (!isOperation(at)) return undefined;
  const [id = '', operation = ''] = at.split('.');
  const row = catalog.find((candidate) => candidate.id === id);
  if (!row) return `"${id}" is not a service; there are ${catalog.map((candidate) => candidate.id).join(', ')}.`;
  return loadService(row).operations.has(operation) ? undefined : `${id} has no operation ${operation}.`;
}
