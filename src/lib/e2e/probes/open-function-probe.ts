import { OperationError } from '../../shared/errors.js';
import { findMarkers, writeMarker } from '../marker.js';
import { watchLogGroup } from './open-log-probe.js';
import type { Probe, ProbeContext } from './probe.js';
import { startedRequest } from './started-request.js';

/** Watches a function by its log. An invocation that writes a marker several times has seen its event once; a second invocation, twice. */
export async function openFunctionProbe(functionName: string, context: ProbeContext): Promise<Probe> {
  const name = await context.resolve(functionName);
  const group = await logGroupOf(name, context);
  const invocations = new Map<string, { requestId: string; seen: Set<string> }>();
  const probe = await watchLogGroup(group, context, (event) => {
    const text = event.message ?? '';
    const stream = event.logStreamName ?? '';
    let invocation = invocations.get(stream);
    const requestId = startedRequest(text);
    if (!invocation || (requestId !== undefined && requestId !== invocation.requestId)) {
      invocation = { requestId: requestId ?? '', seen: new Set() };
      invocations.set(stream, invocation);
    }
    for (const marker of findMarkers(text, context.runId).own) {
      const written = writeMarker(context.runId, marker);
      if (invocation.seen.has(written)) continue;
      invocation.seen.add(written);
      context.see({ text: written, ...(event.timestamp !== undefined && { stampedAtMs: event.timestamp }) });
    }
  });
  return { ...probe, watched: `function ${name}` };
}

async function logGroupOf(name: string, context: ProbeContext): Promise<string> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await context.clients.lambda();
  try {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }), {
      abortSignal: context.signal,
    });
    return found.LoggingConfig?.LogGroup ?? `/aws/lambda/${found.FunctionName ?? name}`;
  } catch (cause) {
    if ((cause as Error).name !== 'ResourceNotFoundException') throw cause;
    throw new OperationError(`There is no function ${name} to watch.`, {
      hint: 'Deploy it first, or mend its name.',
      cause,
    });
  }
}
