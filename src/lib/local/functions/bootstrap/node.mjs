// Runs inside a Node function's process: loads the handler, then takes invocations from the Lambda Runtime API, one at a time, over
// one connection that is open from the start (file descriptor 4). A turn of the event loop after the answer to an invocation it asks for the next
// one, and waits for it in a read that blocks. So the function stands still between invocations, as it is frozen on AWS,
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

/** A report as bytes. */
function post(path, body, headers) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  let head = `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: pipectl\r\nContent-Length: ${bytes.length}\r\nPipectl-Logged-Bytes: ${logged.bytes}\r\n`;
  // On Linux the host reads the peak itself: there getrusage also counts the parent's memory, of before exec.
  if (process.platform !== 'linux') head += `Pipectl-Peak-Kb: ${process.resourceUsage().maxRSS}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), bytes]);
}

/** Reports, and a turn of the event loop later asks for the next invocation: what fails meanwhile ends this process, and no invocation with it. */
function reportAndGoOn(path, body, headers) {
  writeToHost(post(path, body, headers));
  setImmediate(takeNext);
}

function takeNext() {
  writeToHost(Buffer.from(NEXT, 'latin1'));
  let answer = readAnswer();
  while (answer.headers['lambda-runtime-aws-request-id'] === undefined) answer = readAnswer(); // those to reports
  // What happened meanwhile comes first: a connection that was closed must not be taken for one to use.
  setImmediate(run, answer);
}

/** Reports an error nobody caught: for the running invocation, or for init; then the process ends, as AWS's does. */
function dieOf(label, error, exitCode) {
  logError(label, error);
  const body = toErrorBody(error);
  const path = current.requestId === undefined ? 'init/error' : `invocation/${current.requestId}/error`;
  writeToHost(post(path, JSON.stringify(body), postError(body)));
  process.exit(exitCode);
}

/** What AWS makes of a rejection that nobody handles. */
function unhandledRejection(reason) {
  const message = reason instanceof Error ? `${reason.name}: ${reason.message}` : toErrorBody(reason).errorMessage;
  return Object.assign(new RuntimeError('Runtime.UnhandledPromiseRejection', message, reason), { reason, promise: {} });
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

const UNANSWERABLE = runtimeMajor >= 24 ? 'Runtime.JSONStringifyError' : 'Error';
const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

let handler;
let isAsync = false;
let onIdle = () => {}; // what an empty event loop means at this moment
process.on('beforeExit', () => onIdle());

function run({ headers, body }) {
  const requestId = headers['lambda-runtime-aws-request-id'];
  current.requestId = requestId;
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
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
      const unanswerable = new RuntimeError(UNANSWERABLE, 'Unable to stringify response body', error);
      return fail(Object.assign(unanswerable, { reason: error.message })); // for the log; AWS keeps it to itself
    }
    respond(text);
  };
  const whenIdle = (settle) => {
    if (!done) onIdle = settle; // a late callback must not speak for the next invocation
  };
  whenIdle(() => (isAsync ? fail(new RuntimeError('Runtime.NodeJsExit', NEVER_SETTLED)) : succeed(null)));

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

  const answers = { respond, succeed, fail, whenIdle };
  if (handler[STREAMING]) callWithStream(event, context, answers);
  else if (runtimeMajor >= 24) callAsync(event, context, answers);
  else callWithCallback(event, context, answers);
}

async function callAsync(event, context, { succeed, fail }) {
  let result;
  try {
    result = await handler(event, context);
  } catch (error) {
    return fail(error);
  }
  succeed(result);
}

async function callWithStream(event, context, { respond, fail, whenIdle }) {
  const answer = new ResponseStream();
  answer.once('finish', () =>
    respond(answer.body, {
      'Content-Type': answer.contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
    }),
  );
  answer.once('error', fail);
  try {
    await handler(event, answer, context);
    // AWS waits for the stream's end until the function is out of time.
    whenIdle(() => fail(new Error('Response stream is not finished.')));
  } catch (error) {
    fail(error);
  }
}

/** Before nodejs24.x a handler may answer by callback, by its context or by a promise: what comes first counts, even a callback that waits. */
function callWithCallback(event, context, { succeed, fail, whenIdle }) {
  let answered = false;
  const isGiven = (error) => error !== undefined && error !== null;
  const done = (error, value) => {
    if (answered) return;
    answered = true;
    if (isGiven(error)) fail(error);
    else succeed(value);
  };
  const callback = (error, value) => {
    if (answered || isGiven(error) || !context.callbackWaitsForEmptyEventLoop) return done(error, value);
    answered = true;
    whenIdle(() => succeed(value));
  };
  context.done = done;
  context.succeed = (value) => done(null, value);
  context.fail = (error) => done(error ?? 'handled');
  try {
    const result = handler(event, context, callback);
    if (typeof result?.then === 'function') result.then(context.succeed, context.fail);
  } catch (error) {
    callback(error);
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
process.on('uncaughtException', (error) => dieOf('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => dieOf('Unhandled Promise Rejection', unhandledRejection(reason), 128));

try {
  handler = await loadHandler(process.env._HANDLER);
  if (runtimeMajor >= 24 && handler.length >= 3 && !handler[STREAMING]) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  isAsync = handler.constructor.name === 'AsyncFunction';
  if (handler[STREAMING]) ({ ResponseStream } = await import('./node-response-stream.mjs'));
  setImmediate(takeNext);
} catch (error) {
  dieOf('Uncaught Exception', error, 1);
}
