import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../src/lib/local/wire/certificate.js';
import { parseRecorderHost } from '../../src/lib/project/recorder-address.js';
import { freePort } from './free-port.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
let tunnel: Server;
let folder: string;
let port: number;

/** https at one end, as a tunnel's public side; at the other the port that the recorder listens at. */
beforeAll(async () => {
  const { key, cert } = await makeCertificate();
  folder = await mkdtemp(join(tmpdir(), 'pipectl-tunnel-'));
  await writeFile(join(folder, 'ca.pem'), cert);
  port = await freePort();
  tunnel = createServer({ key, cert }, (request, response) => {
    const { method, url: path, headers } = request;
    const onwards = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.writeHead(502).end());
    request.pipe(onwards);
  });
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  standing = await standEndpoint();
});
afterAll(async () => {
  await standing.close();
  tunnel.closeAllConnections();
  tunnel.close();
  await rm(folder, { recursive: true });
});

const address = () =>
  parseRecorderHost(`https://localhost:${(tunnel.address() as AddressInfo).port}/hook=${port}`).address;
const CHECK = `
recorders: { sink: { path: /rows, format: json, token: s3cret } }
send: { invoke: poster, payload: { id: "{marker}" }, count: 5, rate: 100/s }
hops: [{ stored: { http: sink } }]
expect: { within: 3s, warmUp: 3s, duplicated: 0 }`;

it('a function reaches a recorder through https, and one that does not trust the certificate is found out', async () => {
  const { base } = address();
  const code = `export const handler = async (event) => {
  const headers = { authorization: 'Bearer s3cret' };
  const answer = await fetch('${base}/rows?name=orders', { method: 'POST', headers, body: JSON.stringify(event) });
  if (!answer.ok) throw new Error(await answer.text());
};`;
  await standing.makeFunction('poster', code, { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
  const addresses = new Map([['', address()]]);
  const trusted = await standing.run(CHECK, { addresses });
  expect(trusted.verdict.reasons).toEqual([]);
  expect(trusted.hops[0]?.arrived).toBe(5);

  await standing.makeFunction('stranger', code);
  const report = await standing.run(CHECK.replace('poster', 'stranger').replace('warmUp: 3s', 'warmUp: 500ms'), {
    addresses,
  });
  expect(report.hops[0]).toMatchObject({ arrived: 0, lost: 5 });
  const texts = report.verdict.findings.map(({ text }) => text);
  expect(texts[0]).toMatch(/^\d+ invocations failed; the first: stranger failed: TypeError: fetch failed/);
  expect(texts).toContainEqual(expect.stringContaining(`Nothing has come to the recorder at ${base}/rows`));
});
