import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../wire/handlers.js';

/** The caller's region and account, for work that goes on after the caller's request is over. */
export const backgroundContext = ({ region, accountId }: OperationContext): OperationContext => ({
  region,
  accountId,
  requestId: randomUUID(),
  signal: new AbortController().signal,
  origin: 'internal',
  headers: {},
});
