import { formatByteSize } from '../shared/byte-size.js';
import { number } from '../shared/count-words.js';
import { unpackBareSnappy } from './bare-snappy.js';
import { unwrapBase64 } from './base64-layer.js';
import { type Compression, decompress, detectCompression } from './decompress.js';
import { countLines, JsonBudget } from './json-budget.js';
import { splitJsonSequence } from './json-sequence.js';
import { isKplAggregate, readKplAggregate, type UserRecord } from './kpl-aggregate.js';
import { isLogsEnvelope, type LogsEnvelope, type LogsEvent } from './logs-envelope.js';
import { readConfluentHeader, readGlueHeader, type SchemaMessage, type SchemaName } from './schema-header.js';
import { readableText, textWithControls, utf8Text } from './utf8-text.js';

/** One thing that was unpacked on the way in. `json`, `text` and `hex` say what was found at the bottom. */
export type Layer =
  | 'kpl'
  | Compression
  | 'base64'
  | 'glue'
  | 'confluent'
  | 'avro'
  | 'logs'
  | 'ndjson'
  | 'concatenated'
  | 'json'
  | 'text'
  | 'hex';

/** Where an event of a CloudWatch Logs envelope came from. */
export interface LogOrigin {
  owner: string;
  logGroup: string;
  logStream: string;
  subscriptionFilters: readonly string[];
  id: string;
  timestampMs: number;
}

/** One user record or event: the innermost thing, after every layer is taken off. */
export interface DecodedItem {
  /** From the outermost to the innermost. */
  layers: readonly Layer[];
  /** The JSON value; for text the string; for bytes that are neither, their hexadecimal digits. */
  value: unknown;
  /** The item as it was written: the JSON's own text, the text, or the hexadecimal digits. */
  text: string;
  /** Of the user record inside a KPL aggregate. */
  partitionKey?: string;
  explicitHashKey?: string;
  /** Place of the user record in its aggregate, as the KCL counts: from 0. */
  subSequenceNumber?: number;
  /** The schema that the message names. */
  schema?: SchemaName;
  log?: LogOrigin;
  /** Set when a layer was recognised and could not be taken off; `value` is then what it holds, as it stands. */
  problem?: string;
}

export interface DecodedRecord {
  items: DecodedItem[];
  /** Things worth knowing that are not items: a control message of CloudWatch Logs. */
  notes: string[];
}

export interface DecodeOptions {
  /** What all the layers of one record together may unpack to; 64 MiB when left out. */
  maxBytes?: number;
  /** How many items one record may hold; 500,000 when left out. */
  maxItems?: number;
  /** Readers of Avro messages, by the id of their schema. */
  schemas?: ReadonlyMap<string, MessageReader>;
}

/** The JSON text of a message. @throws Error in one sentence if the message is not of its schema */
export type MessageReader = (message: Uint8Array, maxChars: number) => string;

const MAX_DEPTH = 8;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_ITEMS = 500_000;
const LIKELY_CONFLUENT_IDS = 0x10000;
const JSON_LAYERS: readonly Layer[] = ['json'];

/**
 * Unpacks whatever a stream's record holds, layer by layer: KPL aggregates, gzip, zlib, zstd and snappy, base64, the envelope of CloudWatch
 * Logs, JSON, lines of JSON, text; what is none of these is shown as hexadecimal digits. Pure, and never throws: what is broken is marked in `problem`.
 * A record without bytes is one empty text.
 */
export function decodeRecord(bytes: Uint8Array, options: DecodeOptions = {}): DecodedRecord {
  // Most records are a JSON object and nothing else; they take no detour.
  if (bytes[0] === 0x7b) {
    const text = utf8Text(bytes);
    if (text !== undefined) {
      const value = parsed(text);
      if (value !== undefined && !isLogsEnvelope(value))
        return { items: [{ layers: JSON_LAYERS, value, text }], notes: [] };
    }
  }
  const walk = new Walk(options);
  const items = walk.bytes(bytes, [], {});
  return { items, notes: walk.notes };
}

type Origin = Pick<DecodedItem, 'partitionKey' | 'explicitHashKey' | 'subSequenceNumber' | 'schema' | 'log'>;

/** One record's way down through its layers; every method answers the items below what it was given. */
class Walk {
  readonly notes: string[] = [];
  readonly #maxBytes: number;
  readonly #maxItems: number;
  readonly #values = new JsonBudget();
  #left: number;
  #itemsLeft: number;

  readonly #schemas: ReadonlyMap<string, MessageReader>;

  constructor({ maxBytes = DEFAULT_MAX_BYTES, maxItems = DEFAULT_MAX_ITEMS, schemas = new Map() }: DecodeOptions) {
    this.#schemas = schemas;
    this.#left = maxBytes;
    this.#maxBytes = maxBytes;
    this.#itemsLeft = maxItems;
    this.#maxItems = maxItems;
  }

  bytes(bytes: Uint8Array, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    if (layers.length >= MAX_DEPTH) return [hexItem(bytes, layers, origin, `more than ${MAX_DEPTH} layers`)];
    if (isKplAggregate(bytes)) return this.#aggregate(bytes, layers, origin);
    const glue = readGlueHeader(bytes, this.#left);
    if (glue) return this.#message(glue, layers, origin);
    const compression = detectCompression(bytes);
    if (compression) return this.#compressed(bytes, compression, layers, origin);
    const text = readableText(bytes);
    if (text !== undefined) return this.text(text, layers, origin);
    const plain = unpackBareSnappy(bytes, this.#left);
    if (plain) {
      this.#left -= plain.length;
      return this.bytes(plain, [...layers, 'snappy'], origin);
    }
    const confluent = this.#confluent(bytes, layers, origin);
    if (confluent) return confluent;
    const shown = textWithControls(bytes);
    return [shown === undefined ? hexItem(bytes, layers, origin) : item('text', shown, shown, layers, origin)];
  }

  text(text: string, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    if (layers.length >= MAX_DEPTH) return [item('text', text, text, layers, origin, `more than ${MAX_DEPTH} layers`)];
    const json = mayBeJson(text);
    if (json && !this.#values.allow(text))
      return [item('text', text, text, layers, origin, 'JSON, but of more values than are unpacked')];
    const value = json ? parsed(text) : undefined;
    if (value !== undefined) return this.#json(value, text, layers, origin);
    const lines = tryJsonLines(text, this.#itemsLeft);
    if (lines === 'too many') return [item('text', text, text, layers, origin, this.#tooMany('lines of JSON'))];
    if (lines) {
      const below: readonly Layer[] = [...layers, 'ndjson'];
      this.#itemsLeft -= lines.length;
      return lines.flatMap((line) => this.text(line, below, origin));
    }
    const values = mayBeJson(text) ? splitJsonSequence(text, this.#itemsLeft) : undefined;
    if (values === 'too many') return [item('text', text, text, layers, origin, this.#tooMany('values of JSON'))];
    if (values?.every((each) => tryJson(each) !== undefined)) {
      this.#itemsLeft -= values.length;
      return values.flatMap((each) => this.text(each, [...layers, 'concatenated'], origin));
    }
    const inner = unwrapBase64(text.trim(), this.#left);
    if (inner) return this.bytes(inner, [...layers, 'base64'], origin);
    return [item('text', text, text, layers, origin)];
  }

  #json(value: unknown, text: string, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    if (isLogsEnvelope(value)) return this.#envelope(value, text, layers, origin);
    // A JSON string may hold base64 of something else; a plain one stays JSON.
    const inner = typeof value === 'string' ? unwrapBase64(value, this.#left) : undefined;
    if (inner) return this.bytes(inner, [...layers, 'json', 'base64'], origin);
    return [item('json', value, text, layers, origin)];
  }

  /** A message behind a schema's header: JSON as it is, Avro where its schema is given, anything else as hexadecimal digits. */
  #message({ schema, payload, problem }: SchemaMessage, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    const below: readonly Layer[] = [...layers, schema.registry];
    const named = { ...origin, schema };
    if (problem !== undefined) return [hexItem(payload, below, named, problem)];
    const text = jsonText(payload);
    if (text !== undefined) return this.text(text, below, named);
    const read = this.#schemas.get(schema.id);
    if (!read) return [hexItem(payload, below, named)];
    try {
      const json = read(payload, this.#left);
      this.#left -= json.length;
      return [item('json', parsed(json), json, [...below, 'avro'], named)];
    } catch (error) {
      return [hexItem(payload, below, named, `not of the schema ${schema.id}: ${(error as Error).message}`)];
    }
  }

  /** Five bytes are little proof: believed when JSON follows, or the schema is known. */
  #confluent(bytes: Uint8Array, layers: readonly Layer[], origin: Origin): DecodedItem[] | undefined {
    const message = readConfluentHeader(bytes);
    if (!message) return undefined;
    const { schema, payload } = message;
    if (this.#schemas.has(schema.id) || jsonText(payload) !== undefined) return this.#message(message, layers, origin);
    // Ids are handed out from 1 on; where one is likely, it is named, and no byte is hidden.
    return Number(schema.id) < LIKELY_CONFLUENT_IDS ? [hexItem(bytes, layers, { ...origin, schema })] : undefined;
  }

  #aggregate(bytes: Uint8Array, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    let users: UserRecord[];
    try {
      users = readKplAggregate(bytes, this.#itemsLeft);
    } catch (error) {
      if (error instanceof RangeError) return [hexItem(bytes, layers, origin, this.#tooMany('a KPL aggregate'))];
      return [hexItem(bytes, layers, origin, `a KPL aggregate, but ${(error as Error).message}`)];
    }
    this.#itemsLeft -= users.length;
    const below: readonly Layer[] = [...layers, 'kpl'];
    return users.flatMap((user, subSequenceNumber) =>
      this.bytes(user.data, below, {
        ...origin,
        subSequenceNumber,
        partitionKey: user.partitionKey,
        ...(user.explicitHashKey !== undefined && { explicitHashKey: user.explicitHashKey }),
      }),
    );
  }

  #tooMany(what: string): string {
    return `${what}, but the record holds more than ${number(this.#maxItems)} items`;
  }

  #compressed(bytes: Uint8Array, compression: Compression, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    let plain: Uint8Array;
    try {
      plain = decompress(bytes, compression, this.#left);
    } catch (error) {
      // Text can begin like zlib does ("x^…"): what reads well and does not unpack is text.
      const text = compression === 'zlib' ? readableText(bytes) : undefined;
      if (text !== undefined) return this.text(text, layers, origin);
      // Two bytes are little proof: binary data that only begin like zlib are not a broken record.
      if (compression === 'zlib' && bytes[0] !== 0x78) return [hexItem(bytes, layers, origin)];
      const reason = (error as Error).message.replace('than is allowed', `than ${formatByteSize(this.#maxBytes)}`);
      return [hexItem(bytes, layers, origin, `${compression} data, but ${reason}`)];
    }
    this.#left -= plain.length;
    return this.bytes(plain, [...layers, compression], origin);
  }

  #envelope(envelope: LogsEnvelope, text: string, layers: readonly Layer[], origin: Origin): DecodedItem[] {
    if (envelope.logEvents.length > this.#itemsLeft)
      return [item('json', envelope, text, layers, origin, this.#tooMany('an envelope of CloudWatch Logs'))];
    if (envelope.messageType === 'CONTROL_MESSAGE') {
      this.notes.push('control message of CloudWatch Logs: it checked that this stream can be reached');
      return [];
    }
    this.#itemsLeft -= envelope.logEvents.length;
    const below: readonly Layer[] = [...layers, 'logs'];
    return envelope.logEvents.flatMap((event) =>
      this.text(event.message, below, { ...origin, log: originOf(envelope, event) }),
    );
  }
}

function hexItem(bytes: Uint8Array, layers: readonly Layer[], origin: Origin, problem?: string): DecodedItem {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return item('hex', digits, digits, layers, origin, problem);
}

const item = (
  found: Layer,
  value: unknown,
  text: string,
  layers: readonly Layer[],
  origin: Origin,
  problem?: string,
): DecodedItem => ({
  layers: [...layers, found],
  value,
  text,
  ...origin,
  ...(problem !== undefined && { problem }),
});

const originOf = (envelope: LogsEnvelope, event: LogsEvent): LogOrigin => ({
  owner: envelope.owner,
  logGroup: envelope.logGroup,
  logStream: envelope.logStream,
  subscriptionFilters: envelope.subscriptionFilters,
  id: event.id,
  timestampMs: event.timestamp,
});

/** Most text that is not JSON is told by its first character. */
const mayBeJson = (text: string): boolean => /^\s*[[{"\-0-9tfn]/.test(text);

/** The bytes as text, if that is a JSON object or array. */
function jsonText(bytes: Uint8Array): string | undefined {
  const text = bytes[0] === 0x7b || bytes[0] === 0x5b ? utf8Text(bytes) : undefined;
  return text !== undefined && parsed(text) !== undefined ? text : undefined;
}

/** undefined when the text is not JSON; no JSON value is undefined. */
const tryJson = (text: string): unknown => (mayBeJson(text) ? parsed(text) : undefined);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of newline-delimited JSON: at least two, each an object or an array of its own. */
function tryJsonLines(text: string, maxLines: number): string[] | 'too many' | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  if (countLines(text) > maxLines) return 'too many';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  return lines.every((line) => typeof tryJson(line) === 'object') ? lines : undefined;
}
