// Values for every member of a schema, made from the SDK client's own schema rather than from the packs under test.
import { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';

const AT = new Date(1_760_000_000_000);
/** Members that the S3 client's own middleware fills or rewrites. */
const REWRITTEN = /^(Checksum|ContentMD5|(CopySource)?SSECustomerKey|ExpiresString)/;

export class Sampler {
  #count = 0;

  /** `outer` are the structures being made around this one: one that holds itself is left out inside itself. */
  structure(ns: NormalizedSchema, outer: unknown[] = []): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    if (ns.isUnitSchema()) return out;
    const around = [...outer, ns.getSchema()];
    for (const [name, member] of ns.structIterator()) {
      if (REWRITTEN.test(name) || around.includes(innermost(member).getSchema())) continue;
      if (member.isStreaming() && member.isStructSchema()) continue;
      out[name] = member.getMergedTraits().httpResponseCode ? 200 : this.value(member, name, around);
      if (ns.isUnionSchema()) break;
    }
    return out;
  }

  value(ns: NormalizedSchema, name: string, outer: unknown[]): unknown {
    const traits = ns.getMergedTraits();
    if (ns.isStructSchema()) return this.structure(ns, outer);
    const one = (): unknown => this.value(ns.getValueSchema(), name, outer);
    if (ns.isListSchema()) return traits.httpHeader || traits.httpQuery ? [one()] : [one(), one()];
    if (ns.isMapSchema()) return { k1: one(), k2: one() };
    if (ns.isTimestampSchema()) return AT;
    if (ns.isBlobSchema()) return Uint8Array.of(0, 200, ++this.#count & 255);
    if (name === 'ContentLength') return 3;
    if (ns.isBooleanSchema()) return true;
    if (ns.isNumericSchema()) return ++this.#count % 1000;
    if (name === 'Bucket') return 'bucket-name';
    if (name === 'AccountId' || name === 'RequestRoute') return '123456789012';
    const isHeader = traits.httpHeader || typeof traits.httpPrefixHeaders === 'string';
    return isHeader ? `${name}-${++this.#count}` : `${name}-${++this.#count} <é&"\n\u2028>`;
  }
}

/** What lists and maps hold in the end. */
function innermost(ns: NormalizedSchema): NormalizedSchema {
  return ns.isListSchema() || ns.isMapSchema() ? innermost(ns.getValueSchema()) : ns;
}

/** Values in headers may only hold ASCII; maps of headers get their strings here. */
export function plainHeaders(ns: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  if (ns.isUnitSchema()) return value;
  for (const [name, member] of ns.structIterator()) {
    const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
    const isHeader = httpHeader !== undefined || httpPrefixHeaders !== undefined;
    if (isHeader && value[name] !== undefined) value[name] = asciiOf(value[name]);
  }
  return value;
}

function asciiOf(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/[^\w-]/g, '');
  if (Array.isArray(value)) return value.map(asciiOf);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asciiOf(inner)]));
}

/** The same value in a form that compares: bytes as hex, dates as milliseconds, streams read to their end, no metadata. */
export async function comparable(value: unknown): Promise<unknown> {
  if (value instanceof Readable) return comparable(Buffer.concat(await value.toArray()));
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof String) return value.toString();
  if (Array.isArray(value)) return Promise.all(value.map(comparable));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key !== '$metadata' && inner !== undefined) out[key] = await comparable(inner);
  }
  return out;
}
