// Errors of a Node function, in the words of AWS's runtime.
import { jsonLogs, logAt } from './node-log.mjs';

const HERE = new URL('.', import.meta.url).href;

/** The stack down to where it leaves the function: what lies below is this file, and Node. */
function ownTrace(error) {
  const lines = String(error.stack).replaceAll('\x7F', '%7F').split('\n');
  const end = lines.findIndex((line) => line.includes(HERE));
  return end < 0 ? lines : lines.slice(0, end);
}

export function toErrorBody(error) {
  if (
    error instanceof Error ||
    (error !== null && typeof error === 'object' && 'message' in error && 'stack' in error)
  ) {
    return {
      errorType: error.name?.replaceAll('\x7F', '%7F') ?? 'Error',
      errorMessage: String(error.message).replaceAll('\x7F', '%7F'),
      trace: ownTrace(error),
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

export function logError(label, error) {
  if (jsonLogs) return logAt('ERROR', [error instanceof Error ? error : new Error(String(error))]);
  const body = toErrorBody(error);
  const own = error instanceof Error ? { ...error } : {};
  logAt('ERROR', [
    `${label} \t${JSON.stringify({ errorType: body.errorType, errorMessage: body.errorMessage, ...own, stack: body.trace })}`,
  ]);
}

export class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = name;
    if (cause?.stack) this.stack = `${name}: ${message}\n${String(cause.stack).split('\n').slice(1).join('\n')}`;
  }
}

export const postError = (body) => ({
  'Content-Type': 'application/json',
  'Lambda-Runtime-Function-Error-Type': body.errorType.replace(/[^\x20-\x7e]/g, '?'),
});
