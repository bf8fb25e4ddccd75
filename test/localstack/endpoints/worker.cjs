// Runs a Node.js handler for local_executor.py: a request a line on stdin, an answer a line on file descriptor 3.
const { existsSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { pathToFileURL } = require('node:url');

const ANSWER_FD = 3;
const END_OF_INVOCATION = '\u0000pipectl-end-of-invocation\u0000';
const { env } = process;

async function loadHandler() {
  const dot = env._HANDLER.lastIndexOf('.');
  const base = join(env.LAMBDA_TASK_ROOT, env._HANDLER.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs', ''].map((extension) => base + extension).find(existsSync);
  if (file === undefined) throw new Error(`Cannot find module '${base}'`);
  const name = env._HANDLER.slice(dot + 1);
  const module = await import(pathToFileURL(file).href);
  return module[name] ?? module.default?.[name];
}

const contextOf = ({ id, arn, deadlineMs }) => ({
  awsRequestId: id,
  invokedFunctionArn: arn,
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

function call(handler, event, context) {
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const done = (error, value) => (error ? reject(error) : resolve(value));
    Promise.resolve(handler(event, context, done)).then((value) => value !== undefined && resolve(value), reject);
  });
}

async function main() {
  let handler;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer;
    try {
      handler ??= await loadHandler();
      const value = await call(handler, JSON.parse(request.payload || 'null'), contextOf(request));
      answer = { failed: false, body: JSON.stringify(value ?? null) };
    } catch (error) {
      const body = {
        errorType: error?.name ?? 'Error',
        errorMessage: String(error?.message ?? error),
        trace: String(error?.stack ?? '').split('\n'),
      };
      process.stdout.write(
        `${new Date().toISOString()}\t${request.id}\tERROR\tInvoke Error\t${JSON.stringify(body)}\n`,
      );
      answer = { failed: true, body: JSON.stringify(body) };
    }
    // A line of its own, whatever the function left without an end.
    process.stdout.write(`\n${END_OF_INVOCATION}\n`);
    writeSync(ANSWER_FD, `${JSON.stringify(answer)}\n`);
  }
}

main();
