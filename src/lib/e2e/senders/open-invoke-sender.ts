import { reference } from '../../project/schema-parts.js';
import type { Sender, SenderContext, SenderKind } from './sender.js';

/** Each event is one invocation, waited for. */
async function openInvokeSender(functionName: string, { clients, resolve, signal }: SenderContext): Promise<Sender> {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await clients.lambda();
  const name = await resolve(functionName);
  return {
    via: `invoke ${name}`,
    async send({ payload }) {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) }),
        { abortSignal: signal },
      );
      if (answer.FunctionError === undefined) return undefined;
      return functionErrorText(name, answer.Payload);
    },
  };
}

/** `orders failed: TypeError: x is not a function`, of an invocation's answer. */
export function functionErrorText(name: string, payload: Uint8Array | undefined): string {
  const text = Buffer.from(payload ?? []).toString('utf8');
  try {
    const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
    return `${name} failed: ${[errorType, errorMessage].filter(Boolean).join(': ')}`;
  } catch {
    return `${name} failed: ${text.slice(0, 500)}`;
  }
}

export interface InvokeSpec {
  kind: 'invoke';
  functionName: string;
}

export const invokeSender: SenderKind<InvokeSpec> = {
  key: 'invoke',
  help: 'Sends by invoking this function.',
  value: reference,
  toSpec: (functionName) => ({ kind: 'invoke', functionName }),
  open: ({ functionName }, context) => openInvokeSender(functionName, context),
  describe: ({ functionName }) => `invoke ${functionName}`,
};
