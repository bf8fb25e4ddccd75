import { defineOperation } from '../../../define-operation.js';

import { checkPayload, payloadBytes, refuseOmitted } from '../invoke.js';
import type { LambdaService } from '../lambda-service.js';
import { resolveFunction } from '../lambda-store.js';

const CHUNK_BYTES = 65_536;

/** Answers with a stream of events, as AWS does; the function's answer is gathered before the first of them is sent. */
export const invokeWithResponseStream = defineOperation('lambda', 'InvokeWithResponseStream').as({
  async run(store: LambdaService, input, context) {
    refuseOmitted(input);
    const resolved = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    const payload = payloadBytes(input.Payload);
    checkPayload(payload, false);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
    const result = await store.runner.run(resolved, { payload, requestId: context.requestId }, context);
    async function* events() {
      if (result.functionError === undefined) {
        for (let at = 0; at < result.payload.byteLength; at += CHUNK_BYTES) {
          yield { PayloadChunk: { Payload: result.payload.subarray(at, at + CHUNK_BYTES) } };
        }
      }
      const logResult = input.LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {};
      if (result.functionError === undefined) yield { InvokeComplete: logResult };
      else {
        const details = Buffer.from(result.payload).toString('utf8');
        yield { InvokeComplete: { ...logResult, ErrorCode: result.functionError, ErrorDetails: details } };
      }
    }
    return {
      StatusCode: 200,
      ExecutedVersion: result.version,
      ResponseStreamContentType: result.contentType,
      EventStream: events(),
    };
  },
});
