// Errors of a Node function, in the words of AWS's runtime.
import { builtin, jsonLogs, logAt } from './node-log.mjs';

const { types } = builtin('node:util');
const HERE = new URL('.', import.meta.url).href;

/** The stack down to where it leaves the function: what lies below is this file, and Node. */
function ownTrace({ stack }) {
  if (typeof stack !== 'string') return [];
  const lines = printable(stack).split('\n');
  const end = lines.findIndex((line) => line.includes(HERE));
  return end < 0 ? lines : lines.slice(0, end);
}

const printable = (text) => String(text).replaceAll('\x7F', '%7F');

const isError = (error) =>
  error instanceof Error ||
  types.isNativeError(error) || // of another realm, such as a vm's
  (error !== null && typeof error === 'object' && 'message' in error && 'stack' in error);

/** What the caller gets of whatever was thrown. Never throws itself, whatever that was. */
export function toErrorBody(error) {
  try {
    if (!isError(error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
    return {
      errorType: printable(error.name ?? 'Error'),
      errorMessage: printable(error.message),
      trace: ownTrace(error),
    };
  } catch {
    const errorMessage =
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';
    return { errorType: 'handled', errorMessage, trace: [] };
  }
}

/** With what JSON leaves out of an error, and whatever the function added to it. */
function withHiddenMembers(_key, value) {
  if (!(value instanceof Error)) return value;
  const { name, message, code } = value;
  return { errorType: name, errorMessage: message, code, ...value, stack: ownTrace(value) };
}

export function logError(label, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(toErrorBody(thrown).errorMessage);
  if (jsonLogs) return logAt('ERROR', [error]);
  let text;
  try {
    text = JSON.stringify(error, withHiddenMembers);
  } catch {
    text = JSON.stringify(toErrorBody(error)); // cycles and bigints, such as a request that an HTTP client left in its error
  }
  logAt('ERROR', [`${label} \t${text}`]);
}

export class RuntimeError extends Error {
  /** @param cause whose frames are shown instead of this file's; of a syntax error all, for its first line alone says where */
  constructor(name, message, cause) {
    super(message);
    Object.defineProperty(this, 'name', { value: name });
    const frames = String(cause?.stack ?? '').match(/^ {4}at .*$/gm) ?? [];
    if (cause instanceof SyntaxError) this.stack = cause.stack;
    else if (frames.length > 0) this.stack = [`${name}: ${message}`, ...frames].join('\n');
  }
}

export const postError = (body) => ({
  'Content-Type': 'application/json',
  'Lambda-Runtime-Function-Error-Type': body.errorType.replace(/[^\x20-\x7e]/g, '?'),
});
