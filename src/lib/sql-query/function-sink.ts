import { randomUUID } from 'node:crypto';
import { FunctionOutput } from '../batching/function-output.js';
import { invokeFunction } from '../function/invoke-function.js';
import { resolveReference } from '../function/resolve-reference.js';
import { systemClock } from '../shared/clock.js';
import { writeJsonRow } from '../sql/types/write-row.js';
import type { Clients } from '../target/clients.js';
import type { RowSink } from './row-sink.js';

/** Rows go to a function, in the event of a SQL application's Lambda output, until it acknowledges each. */
export async function functionSink(
  clients: Clients,
  reference: string,
  { signal, onNote }: { signal: AbortSignal; onNote(note: string): void },
): Promise<RowSink> {
  const functionName = await resolveReference(clients, reference, signal);
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await clients.lambda();
  await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), { abortSignal: signal });
  const output = new FunctionOutput({
    applicationArn: `arn:aws:kinesisanalytics:${clients.target.region}:000000000000:application/pipectl-sql`,
    newId: randomUUID,
    clock: systemClock,
    onNote: (note) => onNote(`${reference}: ${note}`),
    async invoke(event, abort) {
      const { result, error } = await invokeFunction(
        lambda,
        { functionName, payload: JSON.stringify(event), mode: 'request' },
        abort,
      );
      return { payload: result, ...(error && { error: `${error.type}: ${error.message}` }) };
    },
  });
  return {
    write: ({ columns, rows }) =>
      output.deliver(
        rows.map(({ values }) => Buffer.from(writeJsonRow(columns, values))),
        signal,
      ),
    flush: async () => {},
  };
}
