import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { DeployEvent } from './deploy-request.js';

export interface DestroyRequest {
  stackName: string;
  signal?: AbortSignal;
  onEvent?: (event: DeployEvent) => void;
}

export interface DestroyResult {
  stackName: string;
  /** False when there was no such stack. */
  existed: boolean;
  durationMs: number;
}

/**
 * Empties the buckets the stack owns and deletes it, following the events to the end.
 * @throws OperationError with the first resource that could not be deleted and why
 */
export async function destroyStack(_clients: Clients, request: DestroyRequest): Promise<DestroyResult> {
  throw new OperationError(`Destroying ${request.stackName} is being written.`);
}
