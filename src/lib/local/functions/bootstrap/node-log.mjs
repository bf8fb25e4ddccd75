// What a Node function logs, and how it reaches the host: through file descriptor 3 as frames, so that a message of several lines stays one
// event. A frame is 1 byte kind (1 a whole event, 2 output to be cut into lines), 8 bytes time in milliseconds (double), 4 bytes length,
// then the text. How many bytes went there is told with every report, so that the host knows when it has all of an invocation's log.

/**
 * For a built-in module, instead of an import: that would touch every export, and node:fs then loads streams that most functions never
 * need. Before Node 22.3 only `require` can do it.
 */
export const builtin = process.getBuiltinModule ?? (await import('node:module')).createRequire(import.meta.url);

const { writeSync } = builtin('node:fs');
const { format } = builtin('node:util');

const LOG_FD = 3;
const EVENT = 1;
const OUTPUT = 2;
const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
export const jsonLogs = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const lowestLevel = jsonLogs ? (LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL] ?? LEVELS.INFO) : LEVELS.TRACE;

/** The invocation that lines belong to. */
export const current = { requestId: undefined };
export const logged = { bytes: 0 };

const moment = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it before it returns. @throws what the system says, but for a descriptor that is full for the moment */
export function writeAll(fd, bytes) {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(moment, 0, 0, 1);
    }
  }
}

function writeFrame(kind, text) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const frame = Buffer.allocUnsafe(13 + bytes.length);
  frame[0] = kind;
  frame.writeDoubleBE(Date.now(), 1);
  frame.writeUInt32BE(bytes.length, 9);
  frame.set(bytes, 13);
  try {
    writeAll(LOG_FD, frame);
    logged.bytes += frame.length;
  } catch {
    // the host is gone, or the function closed the descriptor: it only loses its log
  }
}

export function logAt(level, args) {
  if (LEVELS[level] < lowestLevel) return;
  writeFrame(EVENT, jsonLogs ? jsonLine(level, args) : textLine(level, args));
}

const textLine = (level, args) => `${new Date().toISOString()}\t${current.requestId}\t${level}\t${format(...args)}\n`;

function jsonLine(level, args) {
  const line = { timestamp: new Date().toISOString(), level, requestId: current.requestId };
  if (args.length === 1) {
    line.message = args[0];
    try {
      return JSON.stringify(line, (_, value) => (value instanceof Error ? { ...membersOf(value), ...value } : value));
    } catch {
      line.message = format(args[0]); // cycles and bigints
      return JSON.stringify(line);
    }
  }
  line.message = format(...args);
  const error = args.find((arg) => arg instanceof Error);
  return JSON.stringify(error ? { ...line, ...membersOf(error) } : line);
}

const membersOf = (error) => ({
  errorType: error.name?.startsWith?.('Runtime.') ? error.name : (error.constructor?.name ?? 'UnknownError'),
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
});

export function patchLogging() {
  const at =
    (level) =>
    (...args) =>
      logAt(level, args);
  Object.assign(console, {
    log: at('INFO'),
    info: at('INFO'),
    debug: at('DEBUG'),
    warn: at('WARN'),
    error: at('ERROR'),
    trace: at('TRACE'),
    fatal: at('FATAL'),
  });
  for (const name of ['stdout', 'stderr']) patchStream(name);
}

/** Frames what is written to a standard stream. Only once somebody asks for the stream: making one takes a tenth of a cold start. */
function patchStream(name) {
  const { get } = Object.getOwnPropertyDescriptor(process, name);
  let stream;
  const patched = () => {
    if (stream) return stream;
    stream = get.call(process);
    stream.write = (chunk, encoding, done) => {
      const callback = typeof encoding === 'function' ? encoding : done;
      const textEncoding = typeof encoding === 'string' ? encoding : 'utf8';
      writeFrame(OUTPUT, typeof chunk === 'string' ? Buffer.from(chunk, textEncoding) : chunk);
      if (callback) process.nextTick(callback);
      return true;
    };
    return stream;
  };
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: patched });
}
