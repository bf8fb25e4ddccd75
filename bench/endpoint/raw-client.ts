import { Agent, request } from 'node:http';

/** The same bytes over the same sockets for every peer: no SDK, no signature checked by any of them, no parsing but what is counted. */
export interface RawClient {
  /** Resolves with the answer's body; rejects when the status is not 200. */
  call(operation: string, body: string | Buffer): Promise<Buffer>;
  close(): void;
}

export function createRawClient(port: number): RawClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    call: (operation, body) =>
      new Promise((resolve, reject) => {
        const req = request(
          {
            port,
            host: '127.0.0.1',
            method: 'POST',
            path: '/',
            agent,
            headers: {
              'content-type': 'application/x-amz-json-1.1',
              'x-amz-target': `Kinesis_20131202.${operation}`,
              'content-length': Buffer.byteLength(body),
              'x-amz-date': '20260101T000000Z',
              authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
            },
          },
          (res) => {
            const parts: Buffer[] = [];
            res.on('data', (part: Buffer) => parts.push(part));
            res.on('error', reject);
            res.on('end', () => {
              const answer = Buffer.concat(parts);
              if (res.statusCode === 200) resolve(answer);
              else reject(new Error(`${operation}: ${res.statusCode} ${answer.toString().slice(0, 300)}`));
            });
          },
        );
        req.on('error', reject);
        req.end(body);
      }),
    close: () => agent.destroy(),
  };
}
