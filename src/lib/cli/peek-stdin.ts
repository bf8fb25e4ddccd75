import type { CommandIo } from './command-io.js';

/** Long enough for `echo … | pipectl`: what is piped is there by then. */
export const PIPED_BY_MS = 200;

/**
 * The first bytes of stdin, which stay in it. Asks nothing of a terminal.
 * @param options.withinMs how long to wait for them; left out, until they come or the input ends
 * @returns no bytes where the input ended without any; undefined where none came in time, and for a terminal
 */
export async function peekStdin(
  { stdin, signal }: Pick<CommandIo, 'stdin' | 'signal'>,
  options: { withinMs?: number } = {},
): Promise<Buffer | undefined> {
  if (stdin.isTTY === true) return undefined;
  if (stdin.readableEnded) return Buffer.alloc(0);
  const came = await new Promise<'data' | 'end' | 'nothing'>((resolve, reject) => {
    const timer = options.withinMs === undefined ? undefined : setTimeout(() => settle('nothing'), options.withinMs);
    const onReadable = (): void => settle(stdin.readableLength > 0 ? 'data' : 'end');
    const onEnd = (): void => settle('end');
    const onError = (): void => settle('end'); // closed (`<&-`): there is none
    const onAbort = (): void => {
      clear();
      reject(signal.reason);
    };
    const clear = (): void => {
      clearTimeout(timer);
      stdin.off('readable', onReadable).off('end', onEnd).off('error', onError);
      signal.removeEventListener('abort', onAbort);
    };
    const settle = (outcome: 'data' | 'end' | 'nothing'): void => {
      clear();
      resolve(outcome);
    };
    stdin.once('readable', onReadable).once('end', onEnd).once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  if (came !== 'data') return came === 'end' ? Buffer.alloc(0) : undefined;
  const head = stdin.read() as Buffer | string;
  stdin.unshift(head);
  return Buffer.from(head as Buffer);
}
