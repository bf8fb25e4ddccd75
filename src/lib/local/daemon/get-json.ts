import { get as getHttp, type IncomingMessage } from 'node:http';

const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * One GET for a status page. The endpoint's own certificate is self-made, so TLS is not verified: ask loopback addresses alone.
 * @returns undefined when nothing answers in time, or what answers is not JSON
 */
export async function getJson(url: string, timeoutMs: number): Promise<unknown> {
  // node:https costs 10 ms to load, and most endpoints speak clear text.
  const get = url.startsWith('https:') ? (await import('node:https')).get : getHttp;
  return new Promise((resolve) => {
    const request = get(
      url,
      { agent: false, timeout: timeoutMs, rejectUnauthorized: false, headers: { accept: 'application/json' } },
      (answer: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > LARGEST_ANSWER_BYTES) request.destroy();
          else chunks.push(chunk);
        });
        answer.on('end', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
        answer.on('error', () => resolve(undefined));
      },
    );
    const timer = setTimeout(() => request.destroy(), timeoutMs);
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
