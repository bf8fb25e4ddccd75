import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { RecorderAddress } from '../../../project/recorder-address.js';
import { OperationError } from '../../../shared/errors.js';

/** A port for a server that takes no port 0: the one that is wished for, or a free one. @throws OperationError if the wished one is taken */
export async function choosePort(name: string, address: RecorderAddress | undefined): Promise<number> {
  const wished = address?.port;
  const free = await tryPort(wished ?? 0);
  if (free !== undefined) return free;
  if (address?.kept === 'preferred') return choosePort(name, undefined);
  throw new OperationError(`Port ${wished} is taken, so the recorder ${name} cannot listen there.`, {
    hint:
      address?.kept === 'fixed'
        ? 'The kept stacks write to this port. End the program that has it, or run once without --no-deploy.'
        : 'Give --recorder-host another port.',
  });
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
}
