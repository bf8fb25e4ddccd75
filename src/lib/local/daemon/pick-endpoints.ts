import { OperationError, UsageError } from '../../shared/errors.js';
import { type LiveEndpoint, liveEndpoints } from './live-endpoints.js';

/**
 * The endpoints a command means: the one on `port`, all of them, or the only one that runs.
 * @returns none when none runs and no port was named
 * @throws UsageError when several run and none was named
 * @throws OperationError when none runs on the port named
 */
export async function pickEndpoints(
  folder: string,
  wanted: { port?: number | undefined; all?: boolean | undefined },
): Promise<LiveEndpoint[]> {
  const running = await liveEndpoints(folder);
  if (wanted.port !== undefined) {
    const found = running.filter(({ port }) => port === wanted.port);
    if (found.length > 0) return found;
    const others = running.map(({ port }) => port).join(', ');
    throw new OperationError(`No local endpoint runs on port ${wanted.port}.`, {
      hint: others ? `There is one on ${others}.` : 'None runs at all.',
    });
  }
  if (running.length <= 1 || wanted.all) return running;
  throw new UsageError(`Several local endpoints run: ${running.map(({ url }) => url).join(', ')}.`, {
    hint: `Name one with --port ${running[0]?.port}.`,
  });
}
