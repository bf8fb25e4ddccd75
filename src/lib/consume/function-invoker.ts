import type { Clients } from '../target/clients.js';
import { type Invoker, NotCalled } from './invoker.js';

/** Errors of Invoke that say nothing about the batch. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const NOT_CALLED: ReadonlyMap<string, string> = new Map([
  ['TooManyRequestsException', 'the function is throttled'],
  ['ResourceNotFoundException', 'the function does not exist'],
  ['ResourceNotReadyException', 'the function is not ready'],
  ['ResourceConflictException', 'the function is being changed'],
]);

/** Hands batches to a deployed function, by Invoke. @throws the SDK's error if the function does not exist */
export async function openFunctionInvoker(clients: Clients, name: string): Promise<Invoker> {
  const [lambda, { GetFunctionConfigurationCommand, InvokeCommand }] = await Promise.all([
    clients.lambda(),
    import('@aws-sdk/client-lambda'),
  ]);
  const { FunctionArn = name, Role = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  return {
    functionArn: FunctionArn,
    roleArn: Role,
    async invoke(Payload) {
      try {
        const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload }));
        const { ExecutedVersion = '$LATEST', FunctionError } = answer;
        return {
          requestId: answer.$metadata.requestId ?? '',
          payload: answer.Payload ?? new Uint8Array(),
          response: { executedVersion: ExecutedVersion, functionError: FunctionError },
        };
      } catch (error) {
        const why = error instanceof Error ? NOT_CALLED.get(error.name) : undefined;
        throw why === undefined ? error : new NotCalled(why);
      }
    },
    restart: () => {},
    close: async () => {},
  };
}
