import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda } from '../services/lambda/start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda();
});
afterAll(() => fixture.close());

const PYTHON = `
import json, logging, os, sys
logging.getLogger().setLevel("INFO")
def handler(event, context):
    print("printed", event.get("a"))
    logging.info("logged %s", 1)
    logging.debug("hidden")
    if event.get("trace"):
        try: raise KeyError("caught")
        except KeyError: logging.exception("with a trace")
    print("on stderr", file=sys.stderr)
    if event.get("raise"): raise ValueError("boom")
    if event.get("exit"): sys.exit(4)
    if event.get("set"): return {1}
    if event.get("bytes"): return b'"raw"'
    if event.get("surrogate"): return "\\ud800"
    if event.get("decimal"):
        from decimal import Decimal
        return [Decimal("1.10"), Decimal("12345678901234567890.5")]
    if event.get("context"): return [repr(context), context.client_context.client.app_title, context.client_context.custom]
    if event.get("import"): import not_there
    return {
        "id": context.aws_request_id, "left": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn,
        "stream": context.log_stream_name, "memory": context.memory_limit_in_mb, "ü": "é", "env": sorted(os.environ),
    }
`;

test('a Python handler: context, print and logging in order, REPORT', async () => {
  await fixture.create(
    'python',
    { 'pkg/app.py': PYTHON, 'pkg/__init__.py': '' },
    { Runtime: 'python3.12', Handler: 'pkg/app.handler' },
  );
  const { payload, log, error } = await fixture.invoke('python', { a: 'ä' });
  expect(error).toBeUndefined();
  expect(payload).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    left: expect.any(Number),
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:python',
    stream: expect.stringContaining('[$LATEST]'),
    memory: '128',
    ü: 'é',
  });
  const { env, id } = payload as { env: string[]; id: string };
  expect(env).not.toContain('PIPECTL_PYTHONPATH');
  const lines = log.split('\n');
  expect(lines.slice(1, 4)).toEqual([
    'printed ä',
    expect.stringMatching(new RegExp(`^\\[INFO\\]\t\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\t${id}\tlogged 1$`)),
    'on stderr',
  ]);
  expect(log).toMatch(/REPORT RequestId: \S+\tDuration: .*Max Memory Used: \d+ MB/);
});

test('Python: a logged exception is one event, which ends its line', async () => {
  const { log } = await fixture.invoke('python', { trace: 1 });
  expect(log).toMatch(/\twith a trace\nTraceback .*File "\/var\/task\/pkg\/app\.py".*KeyError: 'caught'\non stderr\n/s);
  const events = await fixture.messages('/aws/lambda/python');
  expect(events.filter((event) => event.includes('with a trace'))).toEqual([
    expect.stringMatching(/KeyError: 'caught'\n$/),
  ]);
});

test.each([
  [
    'raises',
    { raise: 1 },
    {
      errorType: 'ValueError',
      errorMessage: 'boom',
      stackTrace: [expect.stringMatching(/^ {2}File "\/var\/task\/pkg\/app\.py", line \d+, in handler\n/)],
    },
  ],
  ['exits', { exit: 1 }, { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 4') }],
  [
    'returns what is no JSON',
    { set: 1 },
    { errorType: 'Runtime.MarshalError', errorMessage: expect.stringContaining('set is not JSON serializable') },
  ],
  [
    'imports what is not there',
    { import: 1 },
    { errorType: 'ModuleNotFoundError', errorMessage: "No module named 'not_there'" },
  ],
])('a Python handler that %s answers in the shape of the Python runtime', async (_what, event, expected) => {
  const { payload, error } = await fixture.invoke('python', event);
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject(expected);
});

test.each([
  [
    'a module that is not there',
    'nothing.handler',
    PYTHON,
    {
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Unable to import module 'nothing': No module named 'nothing'",
    },
  ],
  [
    'a handler that is not there',
    'app.nothing',
    PYTHON,
    { errorType: 'Runtime.HandlerNotFound', errorMessage: "Handler 'nothing' missing on module 'app'" },
  ],
  [
    'a syntax error',
    'app.handler',
    'def handler(:',
    { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: expect.stringContaining("Syntax error in module 'app'") },
  ],
  ['a handler name without a dot', 'app', PYTHON, { errorType: 'Runtime.MalformedHandlerName' }],
])('Python init: %s', async (what, Handler, code, expected) => {
  const name = what.replace(/\W+/g, '-');
  await fixture.create(name, { 'app.py': code }, { Runtime: 'python3.13', Handler });
  expect((await fixture.invoke(name)).payload).toMatchObject(expected);
});

test('a Python handler may answer bytes, and decimals to their last digit', async () => {
  expect((await fixture.invoke('python', { bytes: 1 })).payload).toBe('raw');
  const { Payload } = await fixture.lambda.send(
    new InvokeCommand({ FunctionName: 'python', Payload: '{"decimal":1}' }),
  );
  expect(Payload?.transformToString()).toBe('[1.10, 12345678901234567890.5]');
});

test('a Python context shows itself, and has every member that AWS names', async () => {
  const ClientContext = Buffer.from('{"client":{"installation_id":"i"},"custom":{"a":1}}').toString('base64');
  const [shown, ...members] = (await fixture.invoke('python', { context: 1 }, { ClientContext })).payload as string[];
  expect(shown).toMatch(/^LambdaContext\(\[aws_request_id=.*,function_name=python,.*installation_id=i,app_title=None/);
  expect(members).toEqual([null, { a: 1 }]);
});

test('a Python error is logged in one event, indented as on AWS', async () => {
  await fixture.invoke('python', { raise: 1 });
  const event = (await fixture.messages('/aws/lambda/python')).find((message) =>
    message.startsWith('[ERROR] ValueError'),
  );
  expect(event).toMatch(
    /^\[ERROR\] ValueError: boom\nTraceback \(most recent call last\):\n\u00a0\u00a0File "\/var\/task\/pkg\/app\.py", line \d+/,
  );
});

test('a Python module may be named like a built-in one further down, and give the root logger a formatter', async () => {
  const code = `
import logging
logging.getLogger().handlers[0].setFormatter(logging.Formatter("%(aws_request_id)s says %(message)s"))
def handler(event, context):
    logging.warning("careful")
    return context.aws_request_id`;
  const Environment = { Variables: { PYTHONSAFEPATH: '1' } };
  const options = { Runtime: 'python3.13', Handler: 'src.time.handler', Environment } as const;
  await fixture.create('named', { 'src/time.py': code }, options);
  const { payload, log } = await fixture.invoke('named');
  expect(log).toContain(`${payload} says careful\n`);
});

test('boto3 that the machine lacks is explained', async () => {
  await fixture.create(
    'without-boto3',
    { 'app.py': 'import sys\nsys.modules["boto3"] = None\nimport boto3\ndef handler(e, c): pass' },
    { Runtime: 'python3.13', Handler: 'app.handler' },
  );
  const { payload, log } = await fixture.invoke('without-boto3');
  expect(payload).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  expect(log).toContain("boto3 is not installed for this machine's Python");
});

test('Python with JSON logs', async () => {
  await fixture.create(
    'python-json',
    {
      'app.py':
        'import logging\ndef handler(e, c):\n    logging.warning("careful", extra={"k": 1})\n    logging.error({"an": "object"})\n    raise KeyError("z")',
    },
    {
      Runtime: 'python3.13',
      Handler: 'app.handler',
      LoggingConfig: { LogFormat: 'JSON' },
    },
  );
  await fixture.invoke('python-json');
  const lines = (await fixture.messages('/aws/lambda/python-json')).map((message) => JSON.parse(message));
  expect(lines.find(({ level }) => level === 'WARNING')).toMatchObject({ message: 'careful', k: 1, logger: 'root' });
  expect(lines.filter(({ level }) => level === 'ERROR')).toEqual([
    expect.objectContaining({ message: { an: 'object' } }),
    expect.objectContaining({ errorType: 'KeyError', stackTrace: [expect.stringContaining('in handler')] }),
  ]);
});

// A runtime of its own, written with nothing but a shell and Node as its HTTP client.
const BOOTSTRAP = `#!/bin/sh
echo "init in $LAMBDA_TASK_ROOT" >&2
exec "${process.execPath}" -e '
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/";
(async () => {
  for (;;) {
    const next = await fetch(base + "invocation/next");
    const id = next.headers.get("lambda-runtime-aws-request-id");
    const event = await next.json();
    console.log("got " + JSON.stringify(event));
    if (event.fail) await fetch(base + "invocation/" + id + "/error", { method: "POST", headers: { "Lambda-Runtime-Function-Error-Type": "My.Error" }, body: JSON.stringify({ errorType: "My.Error", errorMessage: "as asked" }) });
    else if (event.wrong) console.log((await fetch(base + "invocation/not-mine/response", { method: "POST", body: "1" })).status, (await fetch(base + "nonsense")).status), await fetch(base + "invocation/" + id + "/response", { method: "POST", body: "2" });
    else await fetch(base + "invocation/" + id + "/response", { method: "POST", body: JSON.stringify({ echo: event, deadline: Number(next.headers.get("lambda-runtime-deadline-ms")) - Date.now() > 0, arn: next.headers.get("lambda-runtime-invoked-function-arn") }) });
  }
})();'
`;

test('provided.al2023 runs a bootstrap, with its output in the log of the right invocation', async () => {
  await fixture.create('provided', { bootstrap: BOOTSTRAP }, { Runtime: 'provided.al2023', Handler: 'any' });
  const first = await fixture.invoke('provided', { a: 1 });
  expect(first.payload).toEqual({
    echo: { a: 1 },
    deadline: true,
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:provided',
  });
  expect(first.log).toContain('\ngot {"a":1}\n');
  const second = await fixture.invoke('provided', { a: 2 });
  expect(second.log).toContain('\ngot {"a":2}\n');
  expect(second.log).not.toContain('got {"a":1}');
  expect((await fixture.invoke('provided', { fail: true })).payload).toEqual({
    errorType: 'My.Error',
    errorMessage: 'as asked',
  });
  const wrong = await fixture.invoke('provided', { wrong: true });
  expect(wrong.payload).toBe(2);
  expect(wrong.log).toContain('\n202 404\n');
});

const PIPEFAIL = `#!/bin/sh -e
set -o pipefail
echo "shell $0 $(false | true && echo lost || echo kept)" >&2
exec "${process.execPath}" -e '
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/";
(async () => {
  for (;;) {
    const next = await fetch(base + "invocation/next");
    await next.text();
    await fetch(base + "invocation/" + next.headers.get("lambda-runtime-aws-request-id") + "/response", { method: "POST", body: "1" });
  }
})();'
`;

test.runIf(existsSync('/bin/bash'))('a bootstrap for sh runs with bash, as on Amazon Linux', async () => {
  await fixture.create('pipefail', { bootstrap: PIPEFAIL }, { Runtime: 'provided.al2023', Handler: 'any' });
  const { payload, log } = await fixture.invoke('pipefail');
  expect(payload).toBe(1);
  expect(log).toContain('shell /var/task/bootstrap kept');
});

/** Asks for work, and in the first process goes away without reading it. */
const GOES_AWAY = `#!/usr/bin/env python3
import os, socket, sys, time, urllib.request
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
marker = os.path.join(os.environ["MARKS"], "went")
if not os.path.exists(marker):
    connection = socket.create_connection((host, int(port)))
    connection.sendall(f"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: {host}:{port}\\r\\n\\r\\n".encode())
    connection.recv(1, socket.MSG_PEEK)
    open(marker, "w").close()
    os._exit(1)
base = f"http://{host}:{port}/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as answer:
        request_id, body = answer.headers["Lambda-Runtime-Aws-Request-Id"], answer.read()
    urllib.request.urlopen(urllib.request.Request(f"{base}{request_id}/response", data=body)).read()
`;

test('an invocation that a dying process never took is given to another one', async () => {
  const marks = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
  const settings = {
    Runtime: 'provided.al2023' as const,
    Handler: 'any',
    Environment: { Variables: { MARKS: marks } },
  };
  await fixture.create('goes-away', { bootstrap: GOES_AWAY }, settings);
  const { payload, error } = await fixture.invoke('goes-away', { a: 1 });
  expect([payload, error]).toEqual([{ a: 1 }, undefined]);
  expect(readdirSync(marks)).toEqual(['went']);
});

const STREAMING = `#!/bin/sh
exec "${process.execPath}" -e '
const http = require("http");
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const next = () => http.get({ hostname, port, path: "/2018-06-01/runtime/invocation/next" }, (res) => {
  res.resume().on("end", () => {
    const id = res.headers["lambda-runtime-aws-request-id"];
    const headers = { Trailer: "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body", "Lambda-Runtime-Function-Response-Mode": "streaming" };
    const post = http.request({ hostname, port, method: "POST", path: "/2018-06-01/runtime/invocation/" + id + "/response", headers }, (done) => done.resume().on("end", next));
    post.write("half of ");
    post.addTrailers({ "Lambda-Runtime-Function-Error-Type": "Late.Error", "Lambda-Runtime-Function-Error-Body": Buffer.from(JSON.stringify({ errorType: "Late.Error", errorMessage: "in the middle" })).toString("base64") });
    post.end();
  });
});
next();'
`;

test('an error that a streaming runtime tells after its answer began is the answer', async () => {
  await fixture.create('late-error', { bootstrap: STREAMING }, { Runtime: 'provided.al2023', Handler: 'any' });
  expect(await fixture.invoke('late-error')).toMatchObject({
    error: 'Unhandled',
    payload: { errorType: 'Late.Error', errorMessage: 'in the middle' },
  });
});

test('a package without a bootstrap, and one that cannot run, say so', async () => {
  await fixture.create('no-bootstrap', { main: '' }, { Runtime: 'provided.al2023', Handler: 'any' });
  expect((await fixture.invoke('no-bootstrap')).payload).toMatchObject({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: expect.stringContaining("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
  });
  await fixture.create(
    'broken-bootstrap',
    { bootstrap: '#!/no/such/interpreter\n' },
    { Runtime: 'provided.al2023', Handler: 'any' },
  );
  expect((await fixture.invoke('broken-bootstrap')).payload).toMatchObject({ errorType: 'Runtime.InvalidEntrypoint' });
});

test('this machine has the Python that these tests need', () => {
  expect(execFileSync('python3', ['--version']).toString()).toMatch(/^Python 3\./);
});
