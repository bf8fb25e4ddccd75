// Runs inside a Node function's process: loads the handler, then takes invocations from the Lambda Runtime API, one at a time, over
// one connection that is open from the start (file descriptor 4). The answer to an invocation and the request for the next one leave in the same write.
//
// What the function logs goes to the host through file descriptor 3 as frames, so that a message of several lines stays one event:
//   1 byte kind (1 a whole event, 2 output to be cut into lines, 3 end of invocation, with the peak memory in KB where the host cannot read it), 8 bytes time in
//   milliseconds (double), 4 bytes length, then the text.
// The end frame is written before the answer is sent; the host waits for it, so no line of an invocation is late.
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const LOG_FD = 3;
const API_FD = 4;
const EVENT = 1;
const OUTPUT = 2;
const END = 3;
const taskRoot = process.env.LAMBDA_TASK_ROOT;
const [apiHost, apiPort] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const runtimeMajor = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0);
const jsonLogs = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const lowestLevel = jsonLogs ? (LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL] ?? LEVELS.INFO) : LEVELS.TRACE;

let currentRequestId;

// ---- logs -------------------------------------------------------------------------------------------------------------------

function writeFrame(kind, text) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const frame = Buffer.allocUnsafe(13 + bytes.length);
  frame[0] = kind;
  frame.writeDoubleBE(Date.now(), 1);
  frame.writeUInt32BE(bytes.length, 9);
  frame.set(bytes, 13);
  for (let at = 0; at < frame.length; ) {
    try {
      at += writeSync(LOG_FD, frame, at);
    } catch (error) {
      if (error.code === 'EAGAIN') continue;
      return; // the host is gone; the connection to it tells the same and ends this process
    }
  }
}

function logAt(level, args) {
  if (LEVELS[level] < lowestLevel) return;
  writeFrame(EVENT, jsonLogs ? jsonLine(level, args) : textLine(level, args));
}

const textLine = (level, args) => `${new Date().toISOString()}\t${currentRequestId}\t${level}\t${format(...args)}\n`;

function jsonLine(level, args) {
  const line = { timestamp: new Date().toISOString(), level, requestId: currentRequestId };
  const only = args.length === 1 ? args[0] : undefined;
  if (only instanceof Error) Object.assign(line, errorMembers(only));
  else if (only !== null && typeof only === 'object') line.message = only;
  else {
    line.message = format(...args);
    const error = args.find((arg) => arg instanceof Error);
    if (error) Object.assign(line, errorMembers(error));
  }
  try {
    return `${JSON.stringify(line, (_, value) => (value instanceof Error ? errorMembers(value) : value))}\n`;
  } catch {
    return `${JSON.stringify({ ...line, message: format(...args) })}\n`; // cycles and bigints
  }
}

const errorMembers = (error) => ({
  errorType: error.name,
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n').slice(1) : [],
});

function patchLogging() {
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
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk, encoding, done) => {
      const callback = typeof encoding === 'function' ? encoding : done;
      writeFrame(
        OUTPUT,
        typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk,
      );
      if (callback) process.nextTick(callback);
      return true;
    };
  }
}

// ---- the Runtime API --------------------------------------------------------------------------------------------------------

let socket;
const waiting = []; // one callback for each request that has no answer yet, in order
let unread = Buffer.alloc(0);

function connectToHost() {
  socket = new Socket({ fd: API_FD, readable: true, writable: true });
  socket.on('data', (chunk) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (let answer = takeAnswer(); answer; answer = takeAnswer()) waiting.shift()?.(answer);
  });
  // When the endpoint goes away, by whatever death, its functions must not outlive it.
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));
}

let headLength = 0; // of the answer being read; kept so that a large body is not searched again for each chunk
let head;

function takeAnswer() {
  if (!head) {
    const end = unread.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    headLength = end + 4;
    head = {};
    for (const line of unread.toString('latin1', 0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      head[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
  const length = headLength + Number(head['content-length'] ?? 0);
  if (unread.length < length) return undefined;
  const answer = { headers: head, body: unread.subarray(headLength, length) };
  unread = unread.subarray(length);
  head = undefined;
  return answer;
}

const NEXT = `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${apiHost}:${apiPort}\r\n\r\n`;

function post(path, body, headers = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  let request = `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: ${apiHost}:${apiPort}\r\nContent-Length: ${bytes.length}\r\n`;
  for (const name in headers) request += `${name}: ${headers[name]}\r\n`;
  return Buffer.concat([Buffer.from(`${request}\r\n`, 'latin1'), bytes]);
}

function send(bytes, onAnswer = () => {}) {
  waiting.push(onAnswer);
  socket.write(bytes);
}

function requestNext(after) {
  if (after) {
    waiting.push(() => {});
    socket.cork();
    socket.write(after);
  }
  waiting.push(run);
  socket.write(NEXT);
  if (after) socket.uncork();
  socket.ref();
}

// ---- errors as AWS words them -----------------------------------------------------------------------------------------------

/** The stack down to where it leaves the function: what lies below is this file, and Node. */
function ownTrace(error) {
  const lines = String(error.stack).replaceAll('\x7F', '%7F').split('\n');
  const end = lines.findIndex((line) => line.includes(import.meta.url));
  return end < 0 ? lines : lines.slice(0, end);
}

function toErrorBody(error) {
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

function logError(label, error) {
  const body = toErrorBody(error);
  if (jsonLogs) return logAt('ERROR', [error instanceof Error ? error : body]);
  const own = error instanceof Error ? { ...error } : {};
  logAt('ERROR', [
    `${label} \t${JSON.stringify({ errorType: body.errorType, errorMessage: body.errorMessage, ...own, stack: body.trace })}`,
  ]);
}

class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    this.name = name;
    if (cause?.stack) this.stack = `${name}: ${message}\n${String(cause.stack).split('\n').slice(1).join('\n')}`;
  }
}

const postError = (body) => ({
  'Content-Type': 'application/json',
  'Lambda-Runtime-Function-Error-Type': body.errorType.replace(/[^\x20-\x7e]/g, '?'),
});

/** Reports an error nobody caught: for the running invocation, or for init; then the process ends, as AWS's does. */
function dieOf(error, type, exitCode) {
  const uncaught = new RuntimeError(type, String(error), error);
  logError(
    type === 'Runtime.UnhandledPromiseRejection' ? 'Unhandled Promise Rejection' : 'Uncaught Exception',
    type === 'Runtime.UnhandledPromiseRejection'
      ? Object.assign(uncaught, { reason: error instanceof Error ? toErrorBody(error) : error })
      : error,
  );
  const body = type === 'Runtime.UnhandledPromiseRejection' ? toErrorBody(uncaught) : toErrorBody(error);
  endInvocation();
  const path = currentRequestId === undefined ? 'init/error' : `invocation/${currentRequestId}/error`;
  send(post(path, JSON.stringify(body), postError(body)), () => process.exit(exitCode));
}

// On Linux the host reads the peak itself: there getrusage also counts the parent's memory, of before exec.
const endInvocation = () => writeFrame(END, process.platform === 'linux' ? '' : String(process.resourceUsage().maxRSS));

// ---- finding the handler ----------------------------------------------------------------------------------------------------

/** `folder/file.export.nested` -> the function. AWS's order: .js (as package.json's type says), .mjs, .cjs, then Node's own resolution. */
async function loadHandler(spec) {
  if (spec.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${spec}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = basename(spec);
  const folder = spec.slice(0, spec.length - name.length);
  const match = /^([^.]*)\.(.*)$/.exec(name);
  if (!match) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const [, file, exported] = match;
  const loaded = await loadModule(folder, file);
  let found = loaded;
  for (const part of exported.split('.')) found = found?.[part];
  if (found === undefined && loaded.default) {
    found = loaded.default;
    for (const part of exported.split('.')) found = found?.[part];
  }
  if (found === undefined) throw new RuntimeError('Runtime.HandlerNotFound', `${spec} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${spec} is not a function`);
  return found;
}

async function loadModule(folder, file) {
  const path = resolve(taskRoot, folder, file);
  const require = createRequire(join(taskRoot, 'index.js'));
  try {
    if (existsSync(`${path}.js`))
      return isModuleScope(path) ? await import(pathToFileURL(`${path}.js`).href) : require(`${path}.js`);
    if (existsSync(`${path}.mjs`)) return await import(pathToFileURL(`${path}.mjs`).href);
    if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
    return require(require.resolve(`./${join(folder, file)}`, { paths: [taskRoot, dirname(path)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error), error);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      const missing = /(@aws-sdk\/[\w-]+)/.exec(error.message)?.[1];
      if (missing) {
        logAt('ERROR', [
          `${missing} is not among the SDK packages that pipectl carries for functions; add it to the function's own node_modules.`,
        ]);
      }
      throw new RuntimeError('Runtime.ImportModuleError', String(error), error);
    }
    throw error;
  }
}

function isModuleScope(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (folder === taskRoot || folder === dirname(folder)) return false;
  }
}

// ---- response streaming -----------------------------------------------------------------------------------------------------

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

class ResponseStream extends Writable {
  #chunks = [];
  contentType = 'application/octet-stream';
  setContentType(type) {
    this.contentType = type;
  }
  _write(chunk, _encoding, done) {
    this.#chunks.push(chunk);
    done();
  }
  get body() {
    return Buffer.concat(this.#chunks);
  }
}

globalThis.awslambda = {
  streamifyResponse: (handler, options) => Object.assign(handler, { [STREAMING]: options ?? true }),
  HttpResponseStream: {
    /** The status and headers of a function URL's answer, then eight NUL bytes, then the body. */
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

// ---- one invocation ---------------------------------------------------------------------------------------------------------

let handler;
let onIdle = () => {}; // what an empty event loop means at this moment
process.on('beforeExit', () => onIdle());

function run({ headers, body }) {
  const requestId = headers['lambda-runtime-aws-request-id'];
  currentRequestId = requestId;
  if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  // From here to the answer, only the function's own work keeps the event loop alive: an empty loop ends the invocation.
  socket.unref();

  let done = false;
  const respond = (bytes, extra) => {
    if (done) return;
    done = true;
    onIdle = () => {};
    endInvocation();
    requestNext(post(`invocation/${requestId}/response`, bytes, { 'Content-Type': 'application/json', ...extra }));
  };
  const fail = (error) => {
    if (done) return;
    done = true;
    onIdle = () => {};
    logError('Invoke Error', error);
    endInvocation();
    const errorBody = toErrorBody(error);
    requestNext(post(`invocation/${requestId}/error`, JSON.stringify(errorBody), postError(errorBody)));
  };
  const succeed = (value) => {
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value) ?? 'null';
    } catch (error) {
      return fail(
        new RuntimeError('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`, error),
      );
    }
    respond(text);
  };
  onIdle = () => succeed(null); // nothing left to do and no answer: AWS answers null

  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers['lambda-runtime-client-context']),
    identity: parseHeader(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
  };

  let event;
  try {
    event = JSON.parse(body.toString());
  } catch (error) {
    return fail(error);
  }

  if (handler[STREAMING]) {
    const stream = new ResponseStream();
    stream.once('finish', () =>
      respond(stream.body, {
        'Content-Type': stream.contentType,
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
      }),
    );
    stream.once('error', fail);
    Promise.resolve()
      .then(() => handler(event, stream, context))
      .catch(fail);
    return;
  }

  const callback = (error, value) => {
    const settle = () => (error !== undefined && error !== null ? fail(error) : succeed(value));
    if (context.callbackWaitsForEmptyEventLoop) onIdle = settle;
    else settle();
  };
  if (runtimeMajor < 24) {
    context.done = callback;
    context.succeed = (value) => {
      context.callbackWaitsForEmptyEventLoop = false;
      callback(null, value);
    };
    context.fail = (error) => {
      context.callbackWaitsForEmptyEventLoop = false;
      callback(error ?? 'handled');
    };
  }
  try {
    const result = runtimeMajor >= 24 ? handler(event, context) : handler(event, context, callback);
    if (typeof result?.then === 'function') result.then(succeed, fail);
    else if (runtimeMajor >= 24) succeed(result);
  } catch (error) {
    fail(error);
  }
}

const parseHeader = (text) => {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

// ---- life -------------------------------------------------------------------------------------------------------------------

patchLogging();
connectToHost();
process.on('uncaughtException', (error) => dieOf(error, error?.name ?? 'Error', 129));
process.on('unhandledRejection', (reason) => dieOf(reason, 'Runtime.UnhandledPromiseRejection', 128));

try {
  handler = await loadHandler(process.env._HANDLER);
  if (runtimeMajor >= 24 && handler.length >= 3 && !handler[STREAMING]) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  requestNext();
} catch (error) {
  logError('Uncaught Exception', error);
  endInvocation();
  const body = toErrorBody(error);
  send(post('init/error', JSON.stringify(body), postError(body)), () => process.exit(1));
}
