// Runs inside a Node function's process: loads the handler, then takes invocations from the Lambda Runtime API, one at a time, over
// one connection that is open from the start (file descriptor 4). The answer to an invocation and the request for the next one leave in the
// same write; the next one is waited for in a read that blocks. So the function stands still between invocations, as it is frozen on AWS,
// and a process that works in vain for nobody costs nobody anything. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
import { logError, postError, RuntimeError, toErrorBody } from './node-errors.mjs';
import { loadHandler } from './node-handler.mjs';
import { builtin, current, logged, patchLogging, writeAll } from './node-log.mjs';

const { readSync } = builtin('node:fs');
const { setImmediate } = globalThis; // a function may put a clock of its own in its place

const API_FD = 4;
const runtimeMajor = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0);

// ---- the Runtime API --------------------------------------------------------------------------------------------------------

const NEXT = 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: pipectl\r\n\r\n';
const END_OF_HEAD = '\r\n\r\n';
const chunk = Buffer.allocUnsafe(65_536);
const moment = new Int32Array(new SharedArrayBuffer(4));
let unread = Buffer.alloc(0);

/** Waits for bytes. When the endpoint goes away, by whatever death, its functions must not outlive it. */
function readInto(buffer, from) {
  for (;;) {
    try {
      const bytes = readSync(API_FD, buffer, from, buffer.length - from, null);
      if (bytes > 0) return bytes;
      process.exit(1);
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(1);
      Atomics.wait(moment, 0, 0, 1);
    }
  }
}

/** The next answer of the host, which always says how long it is. */
function readAnswer() {
  let end = unread.indexOf(END_OF_HEAD);
  while (end < 0) {
    const bytes = readInto(chunk, 0);
    unread = Buffer.concat([unread, chunk.subarray(0, bytes)]);
    end = unread.indexOf(END_OF_HEAD);
  }
  const headers = {};
  for (const line of unread.latin1Slice(0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const from = end + END_OF_HEAD.length;
  const length = Number(headers['content-length'] ?? 0);
  const here = unread.subarray(from, from + length);
  unread = unread.subarray(from + here.length);
  if (here.length === length) return { headers, body: here };
  const body = Buffer.allocUnsafe(length);
  body.set(here);
  for (let at = here.length; at < length; ) at += readInto(body, at);
  return { headers, body };
}

function writeToHost(bytes) {
  try {
    writeAll(API_FD, bytes);
  } catch {
    process.exit(1); // the host is gone
  }
}

/** A report as bytes, with what is to follow it. */
function post(path, body, headers, after = '') {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  let head = `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: pipectl\r\nContent-Length: ${bytes.length}\r\nPipectl-Logged-Bytes: ${logged.bytes}\r\n`;
  // On Linux the host reads the peak itself: there getrusage also counts the parent's memory, of before exec.
  if (process.platform !== 'linux') head += `Pipectl-Peak-Kb: ${process.resourceUsage().maxRSS}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), bytes, Buffer.from(after, 'latin1')]);
}

/** Reports, asks for the next invocation, and waits for it: after a turn of the event loop, in which what is due may happen. */
function reportAndGoOn(path, body, headers) {
  writeToHost(post(path, body, headers, NEXT));
  setImmediate(takeNext);
}

function takeNext() {
  let answer = readAnswer();
  while (answer.headers['lambda-runtime-aws-request-id'] === undefined) answer = readAnswer(); // those to reports
  // What happened meanwhile comes first: a connection that was closed must not be taken for one to use.
  setImmediate(run, answer);
}

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
  const path = current.requestId === undefined ? 'init/error' : `invocation/${current.requestId}/error`;
  writeToHost(post(path, JSON.stringify(body), postError(body)));
  process.exit(exitCode);
}

// ---- response streaming -----------------------------------------------------------------------------------------------------

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

let ResponseStream; // loaded when the handler is a streaming one

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
  current.requestId = requestId;
  if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  // From here to the answer only the function's own work keeps the event loop alive: an empty loop ends the invocation.
  let done = false;
  const respond = (bytes, extra) => {
    if (done) return;
    done = true;
    onIdle = () => {};
    reportAndGoOn(`invocation/${requestId}/response`, bytes, { 'Content-Type': 'application/json', ...extra });
  };
  const fail = (error) => {
    if (done) return;
    done = true;
    onIdle = () => {};
    logError('Invoke Error', error);
    const errorBody = toErrorBody(error);
    reportAndGoOn(`invocation/${requestId}/error`, JSON.stringify(errorBody), postError(errorBody));
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
  if (handler[STREAMING]) ({ ResponseStream } = await import('./node-response-stream.mjs'));
  writeToHost(Buffer.from(NEXT, 'latin1'));
  setImmediate(takeNext);
} catch (error) {
  logError('Uncaught Exception', error);
  const body = toErrorBody(error);
  writeToHost(post('init/error', JSON.stringify(body), postError(body)));
  process.exit(1);
}
