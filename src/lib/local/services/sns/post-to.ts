import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html */
const TIMEOUT_MS = 15_000;

/** POSTs a notification as SNS does. Resolves for an answer below 400. @throws Error that says what the endpoint did */
export function postTo(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(
      url,
      {
        method: 'POST',
        timeout: TIMEOUT_MS,
        agent: false,
        // An endpoint on this machine has a certificate of its own making.
        rejectUnauthorized: false,
        headers: {
          ...headers,
          'content-type': 'text/plain; charset=UTF-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Amazon Simple Notification Service Agent',
        },
      },
      (answer) => {
        const { statusCode = 0 } = answer;
        answer.resume();
        answer.on('error', reject);
        answer.on('end', () => (statusCode < 400 ? resolve() : reject(new Error(`${url} answered ${statusCode}`))));
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer within ${TIMEOUT_MS / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
}
