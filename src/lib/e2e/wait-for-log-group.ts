import type { Clock } from '../shared/clock.js';
import type { Clients } from '../target/clients.js';

const LIMIT_MS = 30_000;
const POLL_MS = { local: 10, localstack: 200, endpoint: 200, aws: 1000 } as const;

/** Waits for the log group of a function that has just been invoked for the first time. @returns false when it did not come in 30 s */
export async function waitForLogGroup(
  clients: Clients,
  clock: Clock,
  functionName: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const lambda = await clients.lambda();
  const logs = await clients.logs();
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), {
    abortSignal: signal,
  });
  const group = found.LoggingConfig?.LogGroup ?? `/aws/lambda/${found.FunctionName ?? functionName}`;
  for (const until = clock.now() + LIMIT_MS; clock.now() < until; ) {
    const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }), { abortSignal: signal });
    if (page.logGroups?.some(({ logGroupName }) => logGroupName === group)) return true;
    await clock.sleep(POLL_MS[clients.target.kind], signal);
  }
  return false;
}
