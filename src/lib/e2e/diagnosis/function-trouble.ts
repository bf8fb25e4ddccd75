import type { Finding } from '../check-report.js';
import { startedRequest, tellsOfFailure } from '../probes/invocation-lines.js';
import type { Case } from './case.js';

/** Lines by which the Lambda runtimes, and functions themselves, tell of failures. */
const TROUBLE =
  /\bERROR\b|\berrorMessage\b|\berrorType\b|Task timed out|Runtime\.\w+|Traceback \(most recent call last\)|AccessDenied|ConditionalCheckFailed|ThroughputExceeded|exited with error|signal: killed/;
/** Lambda's own account of an invocation: it explains nothing that other lines do not. */
const ACCOUNT = /^(?:INIT_)?REPORT\b|"platform\.\w+"/;
const REQUEST_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
/** What differs between two reports of the same failure: times and request ids. */
const VARYING = /\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const MAX_LINES = 3;
const MAX_LINE_LENGTH = 600;

interface FunctionTrouble {
  /** Failed invocations, as far as the log tells. */
  count: number;
  /** The first lines of it that differ. */
  lines: string[];
}

/** A function's failures since the run began, from its log; none when it says nothing, or there is no log. */
export async function findTrouble(hop: string, name: string, pipeline: Case): Promise<Finding[]> {
  const trouble = await functionTrouble(name, pipeline);
  if (!trouble) return [];
  const { count, lines: evidence } = trouble;
  if (count === 0) return [{ hop, weight: 'hint', text: `${name} logged errors during this run.`, evidence }];
  const times = count === 1 ? 'once' : `${count} times`;
  return [{ hop, weight: 'cause', text: `${name} failed ${times} during this run.`, evidence }];
}

async function functionTrouble(name: string, { session, targetSinceMs }: Case): Promise<FunctionTrouble | undefined> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const logs = await session.options.clients.logs();
  const lambda = await session.options.clients.lambda();
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })).catch(() => undefined);
  const logGroupName = found?.LoggingConfig?.LogGroup ?? `/aws/lambda/${found?.FunctionName ?? name}`;
  const lines = new Map<string, string>();
  const failed = new Set<string>();
  const running = new Map<string, string>();
  let nextToken: string | undefined;
  do {
    const page = await logs
      .send(new FilterLogEventsCommand({ logGroupName, startTime: targetSinceMs, nextToken }))
      .catch(() => undefined);
    for (const { message = '', logStreamName = '' } of page?.events ?? []) {
      const started = startedRequest(message);
      if (started !== undefined) running.set(logStreamName, started);
      if (tellsOfFailure(message)) failed.add(running.get(logStreamName) ?? REQUEST_ID.exec(message)?.[0] ?? message);
      if (!TROUBLE.test(message) || ACCOUNT.test(message)) continue;
      const same = message.replace(VARYING, '');
      if (!lines.has(same) && lines.size < MAX_LINES) lines.set(same, message.trimEnd().slice(0, MAX_LINE_LENGTH));
    }
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return lines.size + failed.size > 0 ? { count: failed.size, lines: [...lines.values()] } : undefined;
}
