import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { payload } from '../check-file/payload.js';
import { functionErrorText } from '../senders/open-invoke-sender.js';
import { waitForLogGroup } from '../wait-for-log-group.js';
import type { StepContext, StepKind } from './step.js';

export interface PrimeSpec {
  kind: 'invoke';
  functionName: string;
  payload: unknown;
}

export const invokeStep: StepKind<PrimeSpec> = {
  key: 'invoke',
  help: 'Invokes a function once: its log group appears with its first invocation.',
  value: reference,
  beside: { payload },
  toSpec: (functionName, given) => ({ kind: 'invoke', functionName, payload: given.payload ?? null }),
  run: prime,
};

/** Invokes a function once and waits for its log group: on AWS, the group comes some seconds after the answer. */
async function prime(
  spec: PrimeSpec,
  { clients, clock, signal, phases, resolve, onEvent }: StepContext,
): Promise<void> {
  const name = await resolve(spec.functionName);
  phases.begin(`prime ${name}`);
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await clients.lambda();
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(spec.payload)) }),
    { abortSignal: signal },
  );
  if (answer.FunctionError !== undefined) {
    throw new OperationError(`Priming: ${functionErrorText(name, answer.Payload)}`, {
      hint: 'Mend the function, or the payload of this "invoke" step.',
    });
  }
  if (!(await waitForLogGroup(clients, clock, name, signal)))
    onEvent({ kind: 'warning', text: `${name} was invoked, but its log group has not appeared yet.` });
}
