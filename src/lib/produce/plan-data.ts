import { open, readFile } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import { inputFormOf } from './data/input-form.js';
import { checkReadable, whyRefused } from './file-access.js';
import type { DataPlan } from './load-plan.js';
import { hasField, type KeyPlan } from './partition-keys.js';

/** The words of the command line that say what the records are. */
export interface DataRequest {
  schema?: string | undefined;
  template?: string | undefined;
  from?: string | undefined;
  text: boolean;
  'time-field'?: string | undefined;
  speed?: number | undefined;
  workers: number;
  /** The first bytes of stdin, which stay in it; undefined where they are not known. Asked only where `from` is `-`. */
  stdinHead?: (() => Promise<Buffer | undefined>) | undefined;
}

export interface PlannedData {
  data: DataPlan;
  /** What a record takes, by a look at some of them. */
  recordBytes: number;
}

/** Where nothing is known: the built-in transactions are a little smaller. */
const TYPICAL_RECORD_BYTES = 300;
const SAMPLE_RECORDS = 20;
const SAMPLE_BYTES = 256 * 1024;

/**
 * What the records are. Everything that can be wrong with them is found out here, before a stream is made.
 * @throws UsageError
 */
export async function planData(request: DataRequest, keys: KeyPlan): Promise<PlannedData> {
  if (request.from !== undefined) return planLines({ ...request, from: request.from }, keys);
  if (request.template !== undefined) return planTemplate(request.template, keys);
  const name = request.schema ?? 'transaction';
  if (keys.kind === 'field') {
    const { SCHEMAS } = await import('./data/schemas.js');
    const schema = SCHEMAS.get(name);
    if (schema) checkKeyField(await firstRecords(schema.prepare, 1), keys.path, `the records of --schema ${name}`);
  }
  return { data: { kind: 'schema', name }, recordBytes: TYPICAL_RECORD_BYTES };
}

async function planLines(request: DataRequest & { from: string }, keys: KeyPlan): Promise<PlannedData> {
  const { from, text, workers, speed } = request;
  const timeField = request['time-field']?.replace(/^\$\./, '').split('.');
  if (keys.kind === 'field' && text)
    throw new UsageError('--partition-key field: needs JSON, and --text says that lines are none.');
  if (workers > 1 && timeField)
    throw new UsageError('--time-field needs one worker: the first record sets the time for all.');
  const regular = from !== '-' && (await checkReadable(from, '--from')).regular;
  if (workers > 1 && !regular) {
    throw new UsageError(`--from ${from} needs one worker: what comes through a pipe cannot be read by several.`, {
      hint: 'Give a file.',
    });
  }
  const head = regular ? await readHead(from) : await request.stdinHead?.();
  const gzip = recognize(head, request);
  const data = { kind: 'lines', path: from, json: !text, timeField, speed: speed ?? 1, ...(gzip && { gzip }) } as const;
  return { data, recordBytes: (!gzip && regular && head && averageLine(head)) || TYPICAL_RECORD_BYTES };
}

async function planTemplate(template: string, keys: KeyPlan): Promise<PlannedData> {
  const inline = /^\s*[{[]|\{\{/.test(template);
  const text = inline ? template : await readTemplate(template);
  const name = inline ? '--template' : template;
  const { parseTemplate } = await import('./data/template.js');
  const records = await firstRecords(parseTemplate(text, name), SAMPLE_RECORDS);
  if (keys.kind === 'field') checkKeyField(records, keys.path, 'the records of --template');
  const bytes = records.reduce((sum, record) => sum + Buffer.byteLength(record), 0);
  return { data: { kind: 'template', text, name }, recordBytes: bytes / records.length };
}

async function readTemplate(path: string): Promise<string> {
  await checkReadable(path, '--template');
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--template: cannot read ${path}: ${whyRefused(cause)}.`, { cause });
  }
}

async function firstRecords(prepare: PrepareRecords, count: number): Promise<string[]> {
  const { Random } = await import('./data/random.js');
  const make = prepare(new Random(1));
  const random = new Random(1);
  return Array.from({ length: count }, (_, n) => {
    random.startRecord(n);
    return make(random, { n, epochMs: 0 });
  });
}

type PrepareRecords = import('./data/schema.js').Schema['prepare'];

/** A field that is in none of the first records is a mistake; one that is missing now and then is told when it is. */
function checkKeyField(records: readonly string[], path: readonly string[], what: string): void {
  const at = path.join('.');
  let values: unknown[];
  try {
    values = records.map((record) => JSON.parse(record) as unknown);
  } catch {
    throw new UsageError(`--partition-key field:${at} needs JSON, and ${what} are text.`);
  }
  if (values.some((value) => hasField(value, path))) return;
  const [first] = values;
  const names = typeof first === 'object' && first !== null ? Object.keys(first) : [];
  throw new UsageError(`--partition-key: ${what} have no ${at}.`, {
    hint: names.length > 0 ? `They have ${names.join(', ')}.` : undefined,
  });
}

/**
 * Looks at what an input is.
 * @returns whether it is compressed with gzip
 * @throws UsageError for what cannot be sent line by line, with the command whose output can
 */
function recognize(head: Buffer | undefined, { from = '-', text }: DataRequest): boolean {
  const form = inputFormOf(head ?? Buffer.alloc(0), !text);
  if (form.kind !== 'other') return form.kind === 'gzip';
  const command = form.command.replace('FILE', from === '-' ? '-' : from).replace(/ -$/, '');
  throw new UsageError(`--from: ${from === '-' ? 'standard input' : from} is ${form.what}, not lines.`, {
    hint: `Send what this prints: ${command} | pipectl produce STREAM --from -`,
  });
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Of the lines at the beginning of a file; undefined where there is none. */
function averageLine(head: Buffer): number | undefined {
  let lines = 0;
  for (let at = head.indexOf(0x0a); at !== -1; at = head.indexOf(0x0a, at + 1)) lines += 1;
  return head.length === 0 ? undefined : head.length / Math.max(1, lines);
}
