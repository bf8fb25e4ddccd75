import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { functionNameIn } from '../arn-parts.js';
import { findMarkers, writeMarker } from '../marker.js';
import { watchLogGroup } from './open-log-probe.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';
import { readItemFailures } from './read-item-failures.js';

/**
 * Watches a function by its log. An invocation that writes a marker several times has seen its event once; a second invocation, twice; one that
 * failed, not at all.
 */
async function openFunctionProbe(functionName: string, context: ProbeContext): Promise<Probe> {
  const name = await context.resolve(functionName);
  const group = await logGroupOf(name, context);
  const ownName = functionNameIn(name) ?? name;
  const reportsItems = await reportsItemFailures(ownName, context);
  let itemFailures = new Map<string, Set<string>>();
  const seenBy = new WeakMap<object, Set<string>>();
  const hand: Parameters<typeof watchLogGroup>[2] = (lines, invocation) => {
    const seen = (invocation && seenBy.get(invocation)) ?? new Set<string>();
    if (invocation) seenBy.set(invocation, seen);
    for (const { text, id, stream, stampedAtMs } of lines)
      for (const marker of findMarkers(text, context.runId).own) {
        const written = writeMarker(context.runId, marker);
        if (seen.has(written)) continue;
        seen.add(written);
        context.see({
          text: written,
          id: `${id} ${written}`,
          lane: stream,
          ...(stampedAtMs !== undefined && { stampedAtMs }),
          ...((invocation?.failed || itemFailures.get(invocation?.requestId ?? '')?.has(written)) && {
            failed: 'invocation' as const,
          }),
        });
      }
  };
  const probe = await watchLogGroup(group, context, hand, {
    isFunction: true,
    beforeHanding: reportsItems
      ? async () => {
          itemFailures = await readItemFailures(context.clients.target, ownName, context.runId);
        }
      : undefined,
  });
  return { ...probe, watched: `function ${name}` };
}

/** Whether a mapping lets the function report items of a batch as failed. */
async function reportsItemFailures(name: string, context: ProbeContext): Promise<boolean> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await context.clients.lambda();
  const answer = await lambda
    .send(new ListEventSourceMappingsCommand({ FunctionName: name }), { abortSignal: context.signal })
    .catch(() => undefined);
  const mappings = answer?.EventSourceMappings ?? [];
  return mappings.some(({ FunctionResponseTypes: types }) => types?.includes('ReportBatchItemFailures'));
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

export interface FunctionSpec {
  kind: 'function';
  functionName: string;
}

export const functionProbe: ProbeKind<FunctionSpec> = {
  key: 'function',
  help: 'A function, seen in its log.',
  sees: 'an invocation that succeeded wrote it to its log; several lines of one invocation count once',
  value: reference,
  toSpec: (functionName) => ({ kind: 'function', functionName }),
  open: ({ functionName }, context) => openFunctionProbe(functionName, context),
  describe: ({ functionName }) => `function ${functionName}`,
};
