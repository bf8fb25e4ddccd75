// What the lines of a function's log are, so that they can be shown for what they are.
import { withoutHead } from './stack-lines.js';

/** A message, read: Lambda's own lines, lines with a level, JSON, or just text. */
export interface LogLine {
  /** `platform` for START, END, REPORT and INIT_START lines, which Lambda writes itself. */
  kind: 'platform' | 'json' | 'text';
  /** `ERROR`, `WARN`, `INFO`, …, where the line names one. */
  level: string | undefined;
  /** Without its line break and without what the runtime put before it. */
  text: string;
  /** Of the invocation, where the runtime put it before the text. */
  requestId: string | undefined;
  /** The parsed message, where what follows the runtime's prefix is a JSON object or array. */
  json: unknown;
}

const PLATFORM =
  /^(?:START RequestId: |END RequestId: |REPORT RequestId: |INIT_START |INIT_REPORT |EXTENSION\t|RESTORE_)/;
/** Node: `time TAB request-id TAB LEVEL TAB message`. */
const NODE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t([\da-f-]{36}|undefined)\t([A-Z]+)\t([\s\S]*)$/;
/** What Node's runtime writes of an error that nobody caught: words, a tab, and the error as JSON. */
const UNCAUGHT = /^((?:Invoke|Uncaught|Unhandled|Init)[\w ]*)\t(\{.*\})$/s;
/** Python: `[LEVEL] TAB time TAB request-id TAB message`. */
const PYTHON = /^\[([A-Z]+)\]\t\d{4}-\d\d-\d\dT[\d:.]+Z\t([\da-f-]*)\t([\s\S]*)$/;

export function readLogLine(message: string): LogLine {
  const whole = message.trimEnd();
  if (PLATFORM.test(whole))
    return { kind: 'platform', level: undefined, text: whole, requestId: undefined, json: undefined };
  const node = NODE.exec(whole);
  const python = node ? null : PYTHON.exec(whole);
  const [requestId = '', level] = node ? node.slice(1) : [python?.[2], python?.[1]];
  const text = withoutWrapping(node?.[3] ?? python?.[3] ?? whole);
  const json = parseJson(text);
  return {
    kind: json === undefined ? 'text' : isPlatformJson(json) ? 'platform' : 'json',
    level: level ?? levelOf(json) ?? (/^Traceback |Task timed out|^\[ERROR\]/.test(text) ? 'ERROR' : undefined),
    text,
    requestId: requestId.length === 36 ? requestId : undefined,
    json,
  };
}

/** An uncaught error as its stack, which is what a person wants of it; any other text as it is. */
function withoutWrapping(text: string): string {
  const [, words = '', wrapped = ''] = UNCAUGHT.exec(text) ?? [];
  const error = parseJson(wrapped);
  if (typeof error !== 'object' || error === null || !('errorType' in error)) return text;
  const { errorType, errorMessage, stack } = error as Record<string, unknown>;
  const head = `${errorType}: ${errorMessage}`;
  const lines = Array.isArray(stack) ? stack.map(String) : [];
  return [`${words.trimEnd()}: ${head}`, ...withoutHead(lines, head)].join('\n');
}

function parseJson(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lambda's own lines in its JSON log format: `{"time":…,"type":"platform.report","record":…}`. */
const isPlatformJson = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'type' in json && String(json.type).startsWith('platform.');

function levelOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('level' in json)) return undefined;
  return typeof json.level === 'string' ? json.level.toUpperCase() : undefined;
}
