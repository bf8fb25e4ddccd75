import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { DeployRequest, DeployResult } from './deploy-request.js';

/**
 * Deploys a template as a stack: packages local code, makes a change set, carries it out, follows the events to the end.
 * A stack that needs no change is left alone (`action: 'unchanged'`).
 * @throws OperationError with the first resource that failed and why
 */
export async function deployStack(_clients: Clients, request: DeployRequest): Promise<DeployResult> {
  throw new OperationError(`Deploying ${request.stackName} is being written.`);
}
