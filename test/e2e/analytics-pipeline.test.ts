import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ANALYTICS } from './copy-pipeline.js';
import { freePort } from './free-port.js';

describe('the templates of the analytics pipeline', () => {
  interface Statement {
    Effect: string;
    Action: string | string[];
    Resource?: unknown;
  }
  interface Template {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    Outputs: Record<string, { Export?: { Name: string } }>;
  }
  /** Functions become `{ Ref: … }`-like maps: only their text matters here. */
  const read = (name: string): Template =>
    parse(readFileSync(join(ANALYTICS, name), 'utf8'), {
      logLevel: 'silent',
      customTags: ['Ref', 'Sub', 'GetAtt', 'ImportValue'].map((tag) => ({
        tag: `!${tag}`,
        resolve: (text: string) => `${tag} ${text}`,
      })),
    }) as Template;
  const statementsOf = ({ Resources }: Template): Statement[] =>
    Object.values(Resources).flatMap(({ Type, Properties }) => {
      if (Type !== 'AWS::IAM::Role') return [];
      const policies = Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    });

  it.each(['external-test-resources.yaml', 'data-pipeline.yaml'])('%s allows no more than it needs', (name) => {
    const statements = statementsOf(read(name));
    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource } of statements) {
      expect([Action].flat().join()).not.toContain('*');
      for (const resource of [Resource].flat()) {
        // A log group's streams are the one thing that has no name beforehand.
        expect(resource).toMatch(
          /^(GetAtt Stream\.Arn|Sub arn:.*:log-group:\/aws\/lambda\/\$\{AWS::StackName\}-[\w-]+(:\*)?)$/,
        );
      }
    }
  });

  it('export what they promise', () => {
    const names = Object.values(read('external-test-resources.yaml').Outputs).map((output) => output.Export?.Name);
    expect(names).toEqual(['test-logger-lambda-name', 'test-logger-log-group-arn']);
  });
});

describe('the loader', () => {
  const LOADER = pathToFileURL(join(ANALYTICS, 'functions/loader/index.mjs')).href;
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  interface Request {
    headers: IncomingHttpHeaders;
    body: string;
    atMs: number;
  }
  type Answer = [status: number, body?: string, headers?: Record<string, string>];

  /** A Tinybird that gives these answers, one after another, and the last one for ever. */
  async function tinybird(...answers: Answer[]): Promise<{ url: string; requests: Request[] }> {
    const requests: Request[] = [];
    server = createServer(async (request, response) => {
      const [status, body = '{"successful_rows":1,"quarantined_rows":0}', headers = {}] = answers[
        Math.min(requests.length, answers.length - 1)
      ] ?? [500];
      const parts: Buffer[] = [];
      const index = requests.push({ headers: request.headers, body: '', atMs: performance.now() }) - 1;
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      (requests[index] as Request).body = Buffer.concat(parts).toString();
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v0/events?name=x`, requests };
  }

  const record = (envelope: unknown, sequenceNumber = '1'): unknown => ({
    kinesis: { sequenceNumber, data: gzipSync(JSON.stringify(envelope)).toString('base64') },
  });
  const data = (...messages: string[]): unknown =>
    record({ messageType: 'DATA_MESSAGE', logEvents: messages.map((message) => ({ message })) });

  /** Runs the handler in a process of its own. @returns what it reported, and its error */
  function load(url: string, records: unknown[], remainingMs = 60_000) {
    const program = `
      const { handler } = await import(${JSON.stringify(LOADER)});
      let text = '';
      for await (const part of process.stdin) text += part;
      await handler(JSON.parse(text), { getRemainingTimeInMillis: () => ${remainingMs} }).catch((error) => {
        process.stderr.write(error.message);
      });`;
    return new Promise<{ reports: Record<string, unknown>[]; error: string }>((resolve) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        env: { TINYBIRD_URL: url, TINYBIRD_AUTH_TOKEN: 't0ken' },
      });
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (part: Buffer) => out.push(part));
      child.stderr.on('data', (part: Buffer) => err.push(part));
      child.stdin.end(JSON.stringify({ Records: records }));
      child.on('close', () => {
        const lines = Buffer.concat(out).toString().split('\n').filter(Boolean);
        resolve({
          reports: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
          error: Buffer.concat(err).toString(),
        });
      });
    });
  }

  it('posts the lines of every envelope as NDJSON with its token, and no control messages', async () => {
    const { url, requests } = await tinybird([200]);
    const control = record({ messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'CWL CONTROL MESSAGE' }] });
    const { reports, error } = await load(url, [data('{"a":1}', '{"a":\n 2}'), control, data('{"a":3}')]);
    expect(requests.map(({ body }) => body)).toEqual(['{"a":1}\n{"a":2}\n{"a":3}\n']);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t0ken',
      'content-type': 'application/x-ndjson',
    });
    expect([reports, error]).toEqual([[{ records: 3, delivered: 3 }], '']);
  });

  it('posts nothing when there is nothing', async () => {
    const { url, requests } = await tinybird([200]);
    expect(await load(url, [])).toEqual({ reports: [{ records: 0, delivered: 0 }], error: '' });
    expect(requests).toEqual([]);
  });

  it('passes over what it cannot read, and says which', async () => {
    const { url, requests } = await tinybird([200]);
    const broken = { kinesis: { sequenceNumber: '49', data: Buffer.from('no gzip').toString('base64') } };
    const { reports, error } = await load(url, [broken, data('{"a":1}')]);
    expect(reports).toEqual([
      { level: 'ERROR', unreadable: '49', reason: expect.any(String) },
      { records: 2, delivered: 1 },
    ]);
    expect([requests.length, error]).toEqual([1, '']);
  });

  it('passes over a line that is no JSON, and not the others of its record', async () => {
    const { url, requests } = await tinybird([200]);
    const { reports, error } = await load(url, [data('{"a":1}', 'START RequestId: 1', '{"a":2}')]);
    expect(requests.map(({ body }) => body)).toEqual(['{"a":1}\n{"a":2}\n']);
    expect(reports).toEqual([
      { level: 'ERROR', unreadable: expect.any(String), reason: expect.stringContaining('is not valid JSON') },
      { records: 1, delivered: 2 },
    ]);
    expect(error).toBe('');
  });

  it('cuts its requests at a megabyte', async () => {
    const { url, requests } = await tinybird([200]);
    const line = JSON.stringify({ text: 'x'.repeat(250_000) });
    await load(url, [data(...Array.from({ length: 9 }, () => line))]);
    expect(requests.map(({ body }) => body.trim().split('\n').length)).toEqual([3, 3, 3]);
    for (const { body } of requests) expect(body.length).toBeLessThanOrEqual(1_000_000);
  });

  it.each([429, 500, 503])('tries again what may pass: %i', async (status) => {
    const { url, requests } = await tinybird([status, 'later'], [status, 'later'], [202]);
    const { reports, error } = await load(url, [data('{"a":1}')]);
    expect([requests.length, reports, error]).toEqual([3, [{ records: 1, delivered: 1 }], '']);
  });

  it('waits as long as it is asked to', async () => {
    const { url, requests } = await tinybird([429, '', { 'retry-after': '1' }], [202]);
    await load(url, [data('{"a":1}')]);
    expect((requests[1]?.atMs ?? 0) - (requests[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('does not wait longer than it may live', async () => {
    const { url, requests } = await tinybird([429, '', { 'retry-after': '3600' }]);
    const { error } = await load(url, [data('{"a":1}')]);
    expect([requests.length, error]).toEqual([1, '1 of 1 events not delivered: HTTP 429']);
  });

  it('gives up after four, says what is undelivered, and fails, so that the batch comes again', async () => {
    const { url, requests } = await tinybird([503, 'down']);
    const { reports, error } = await load(url, [data('{"a":1}', '{"a":2}')]);
    expect(requests).toHaveLength(4);
    expect(reports).toEqual([{ level: 'ERROR', undelivered: 2, first: '{"a":1}', reason: 'HTTP 503 down' }]);
    expect(error).toBe('2 of 2 events not delivered: HTTP 503 down');
  });

  it('says when nobody answers', async () => {
    const { reports, error } = await load(`http://127.0.0.1:${await freePort()}/`, [data('{"a":1}')]);
    expect(reports).toMatchObject([{ undelivered: 1 }]);
    expect(error).toMatch(/^1 of 1 events not delivered: .*ECONNREFUSED/);
  });

  it.each([400, 403, 404, 413])('does not try again what will not pass: %i', async (status) => {
    const { url, requests } = await tinybird([status, '{"error":"no"}']);
    const { error } = await load(url, [data('{"a":1}')]);
    expect([requests.length, error]).toEqual([1, `1 of 1 events not delivered: HTTP ${status} {"error":"no"}`]);
  });

  it('does not have doubled what Tinybird has taken in part', async () => {
    const { url, requests } = await tinybird([422, '{"error":"materialized view"}']);
    const { reports, error } = await load(url, [data('{"a":1}')]);
    expect([requests.length, error]).toEqual([1, '']);
    expect(reports[0]).toEqual({
      level: 'ERROR',
      partly: 1,
      first: '{"a":1}',
      reason: 'HTTP 422 {"error":"materialized view"}',
    });
  });

  it('tells of rows that were put into quarantine', async () => {
    const { url } = await tinybird([200, '{"successful_rows":1,"quarantined_rows":2}']);
    const { reports } = await load(url, [data('{"a":1}', '{"b":1}', '{"c":1}')]);
    expect(reports).toEqual([{ records: 1, delivered: 3, quarantined: 2 }]);
  });

  it('does not start without its settings', async () => {
    expect((await load('', [])).error).toBe('TINYBIRD_URL and TINYBIRD_AUTH_TOKEN must be set');
  });
});
