import { OperationError } from '../../shared/errors.js';
import type { EndpointSettings } from './endpoint-settings.js';

/**
 * What the system said when the endpoint wanted to listen, in a sentence; a port that is taken is `explainTakenPort`'s.
 * @returns undefined for what is not about listening
 */
export function explainStartFailure(code: string | undefined, settings: EndpointSettings): OperationError | undefined {
  if (code === 'EADDRNOTAVAIL') {
    return new OperationError(`${settings.host ?? '127.0.0.1'} is not an address of this machine.`, {
      hint: 'Give --host one that is, or 0.0.0.0 for all of them.',
    });
  }
  if (code === 'EACCES') {
    return new OperationError(`Port ${settings.port} is not open to you: the system keeps it for its administrator.`, {
      hint: 'Take one above 1023: --port 4566',
    });
  }
  return undefined;
}
