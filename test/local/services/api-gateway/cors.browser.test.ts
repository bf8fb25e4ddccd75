// Web pages of another origin, in a real browser: an API is reached as far as its CORS answers say, and nothing else of the endpoint is.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { functionUri, type RestFixture, startApi } from './start-api.js';

let fixture: RestFixture;
let site: Server;
let browser: Browser;
let page: Page;
/** Origins: the same pages, once as a name that the API allows. */
let origin: string;
let open: { id: string };
let closed: { id: string };

const preflight = () => ({
  integration: { type: 'MOCK' as const, requestTemplates: { 'application/json': '{ statusCode: 204 }' } },
  responses: [
    {
      statusCode: '204',
      responseParameters: {
        'method.response.header.Access-Control-Allow-Origin': `'${origin}'`,
        'method.response.header.Access-Control-Allow-Methods': "'GET,POST,PUT'",
        'method.response.header.Access-Control-Allow-Headers': "'content-type'",
      },
    },
  ],
});

beforeAll(async () => {
  site = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>site</title>'),
  );
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  origin = `http://app.test:${port}`;
  fixture = await startApi();
  await fixture.handler(
    'cors',
    `console.log('ran ' + event.httpMethod + ' ' + (event.headers.Origin ?? event.headers.origin)); return { statusCode: 200, headers: { 'access-control-allow-origin': '${origin}' }, body: 'answer' };`,
  );
  await fixture.handler('plain', `console.log('ran ' + event.httpMethod); return { statusCode: 200, body: 'secret' };`);
  open = await fixture.newApi();
  const { rootId } = open as { id: string; rootId: string };
  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
    await fixture.method(open, rootId, method, { integration: { uri: functionUri('cors') } });
  }
  await fixture.method(open, rootId, 'OPTIONS', preflight());
  await fixture.deploy(open);
  const other = await fixture.newApi();
  closed = other;
  for (const method of ['POST', 'PUT']) {
    await fixture.method(other, other.rootId, method, { integration: { uri: functionUri('plain') } });
  }
  await fixture.deploy(other);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ],
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  site?.close();
  await fixture?.close();
});

beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
});

/** What a page gets of a request: status and text, or `refused` where the browser keeps the answer from it. */
const ask = (url: string, init: object = {}): Promise<unknown> =>
  page.evaluate(
    async ([to, options]) => {
      try {
        const answer = await fetch(to as string, options as RequestInit);
        return [answer.status, await answer.text()];
      } catch {
        return 'refused';
      }
    },
    [url, init] as const,
  );

const json = { 'content-type': 'application/json' };

describe('a page of an origin that the API allows', () => {
  test('gets what the API lets it have, and nothing else', async () => {
    await page.goto(origin);
    const url = fixture.url(open);
    expect(await ask(url)).toEqual([200, 'answer']);
    expect(await ask(url, { method: 'POST', headers: json, body: '{}' })).toEqual([200, 'answer']);
    expect(await ask(url, { method: 'POST', body: 'a=b' })).toEqual([200, 'answer']);
    expect(await ask(url, { method: 'PUT', headers: json, body: '{}' })).toEqual([200, 'answer']);
    // Neither the method nor the header is in what the preflight answers.
    expect(await ask(url, { method: 'DELETE' })).toBe('refused');
    expect(await ask(url, { headers: { 'x-other': '1' } })).toBe('refused');
    expect(await fixture.messages('/aws/lambda/cors')).not.toContainEqual(expect.stringContaining('ran DELETE'));
    for (const path of ['/', '/_pipectl/status', '/_localstack/health', `/restapis/${open.id}`, '/restapis']) {
      expect(await ask(fixture.endpoint.url + path)).toBe('refused');
      expect(await ask(fixture.endpoint.url + path, { method: 'POST', headers: json, body: '{}' })).toBe('refused');
    }
  });
});

describe('a page of another origin', () => {
  const goto = () => page.goto(origin.replace('app.test', 'evil.test'));

  test('reads nothing, and starts nothing that needs leave', async () => {
    await goto();
    const url = fixture.url(open);
    const before = (await fixture.messages('/aws/lambda/cors')).filter((line) => line.includes('ran P')).length;
    expect(await ask(url)).toBe('refused');
    expect(await ask(url, { method: 'POST', headers: json, body: '{}' })).toBe('refused');
    expect(await ask(url, { method: 'PUT', headers: json, body: '{}' })).toBe('refused');
    expect(await ask(url, { method: 'POST', body: 'a=b' })).toBe('refused');
    await ask(url, { method: 'POST', body: 'a=b', mode: 'no-cors' });
    expect((await fixture.messages('/aws/lambda/cors')).filter((line) => line.includes('ran P'))).toHaveLength(before);
  });

  test('does not call an API without CORS, by fetch or by a form', async () => {
    await goto();
    const url = fixture.url(closed);
    for (const mode of ['cors', 'no-cors']) await ask(url, { method: 'POST', body: 'a=b', mode });
    expect(await ask(url, { method: 'PUT', body: 'a=b' })).toBe('refused');
    const submitted = page.waitForResponse(url);
    await page.evaluate(
      `document.body.innerHTML = '<form method="POST" action="${url}"></form>'; document.forms[0].submit();`,
    );
    expect((await submitted).status()).toBe(403);
    expect(await fixture.messages('/aws/lambda/plain')).toEqual([]);
  });
});
