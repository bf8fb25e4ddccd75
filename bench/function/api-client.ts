import { Agent, request } from 'node:http';

/** The few calls the benchmark makes, as bytes over kept-alive sockets, the same for every peer. */
export interface ApiClient {
  /** Invokes and waits for the answer. */
  invoke(name: string, payload: string): Promise<Buffer>;
  /** A Lambda operation by its path. */
  lambda(method: string, path: string, body?: object): Promise<Buffer>;
  /** An operation of Kinesis or CloudWatch Logs. */
  json(target: string, body: object): Promise<Buffer>;
  close(): void;
}

const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

export function createApiClient(port: number): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (method: string, path: string, headers: Record<string, string>, body: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const req = request(
        {
          port,
          host: '127.0.0.1',
          method,
          path,
          agent,
          headers: { 'x-amz-date': '20260101T000000Z', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (res) => {
          const parts: Buffer[] = [];
          res.on('data', (part: Buffer) => parts.push(part));
          res.on('error', reject);
          res.on('end', () => {
            const answer = Buffer.concat(parts);
            const failed = (res.statusCode ?? 500) >= 300 || res.headers['x-amz-function-error'] !== undefined;
            if (failed) reject(new Error(`${method} ${path}: ${res.statusCode} ${answer.toString().slice(0, 300)}`));
            else resolve(answer);
          });
        },
      );
      req.on('error', reject);
      req.end(body);
    });
  const lambda = { authorization: authorization('lambda') };
  return {
    invoke: (name, payload) => send('POST', `/2015-03-31/functions/${name}/invocations`, lambda, payload),
    lambda: (method, path, body) =>
      send(method, path, { ...lambda, 'content-type': 'application/json' }, body ? JSON.stringify(body) : ''),
    json: (target, body) =>
      send(
        'POST',
        '/',
        {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': target,
          authorization: authorization(target.startsWith('Kinesis') ? 'kinesis' : 'logs'),
        },
        JSON.stringify(body),
      ),
    close: () => agent.destroy(),
  };
}
