import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADER = 'x-pipectl-recorder';
const TIMEOUT_MS = 3000;

/** Whether another run asks who listens here: no event, and nothing for a recorder to refuse. */
export const isRoleCall = (request: IncomingMessage): boolean =>
  request.method === 'HEAD' && request.headers[HEADER] === 'who';

export function answerRoleCall(response: ServerResponse): void {
  response.writeHead(204, { [HEADER]: 'here' }).end();
}

/** Whether it is a recorder of pipectl's that has a port of this machine. */
export async function isRecorder(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'HEAD',
    headers: { [HEADER]: 'who' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  return answer?.headers.get(HEADER) === 'here';
}
