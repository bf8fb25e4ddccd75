import { OperationError } from '../shared/errors.js';
import { isOfStackItself, type ResourceEvent } from './deploy-request.js';

/**
 * The first thing that went wrong in a run of a stack, as one error: which resource, why, and what to do where that is known.
 * @param events of this run, oldest first; `withCauses` has put those of nested stacks among them
 */
export function explainFailure(
  doing: 'Deploying' | 'Destroying' | 'Restoring',
  stackName: string,
  settled: { status: string; reason: string | undefined },
  events: readonly ResourceEvent[],
): OperationError {
  const outcome = `${doing} ${stackName} failed (${settled.status}).`;
  const failed = firstFailure(events);
  if (failed) {
    const reason = essence(failed.reason ?? 'CloudFormation gives no reason');
    const where = failed.stackName === events[0]?.stackName ? '' : ` in ${failed.stackName}`;
    return new OperationError(`${outcome} ${failed.logicalId} (${failed.type})${where}: ${reason}`, {
      hint: hintFor(failed),
    });
  }
  const onStack = events.find(
    (event) => isOfStackItself(event) && event.reason !== undefined && /ROLLBACK|FAILED/.test(event.status),
  );
  return new OperationError(
    `${outcome} ${onStack?.reason ?? settled.reason ?? 'CloudFormation gives no reason.'}`.trim(),
  );
}

/** The first resource that failed by itself: what was under way when something else failed is not what went wrong. */
export const firstFailure = (events: readonly ResourceEvent[]): ResourceEvent | undefined =>
  events.find(
    (event) => !isOfStackItself(event) && event.status.endsWith('_FAILED') && !/cancelled/i.test(event.reason ?? ''),
  );

/**
 * A reason without the ids that nobody reads twice: the event itself, with all of them, is told before.
 * `Resource handler returned message: "It is not there. (Service: Logs, Status Code: 400, Request ID: …)" (RequestToken: …)`
 * -> `It is not there. (Service: Logs, Status Code: 400)`
 */
function essence(reason: string): string {
  const inner = /^Resource handler returned message: "(.*)" \(RequestToken: [^)]*\)$/s.exec(reason)?.[1];
  return (inner ?? reason).replace(/, Request ID: [^,)]*(?:, Extended Request ID: [^,)]*)?/, '');
}

/** What to do about the traps of a pipeline on CloudWatch Logs. */
function hintFor({ type, reason = '', properties }: ResourceEvent): string | undefined {
  if (type !== 'AWS::Logs::SubscriptionFilter') return undefined;
  if (/log group does not exist/i.test(reason)) return missingGroupHint(logGroupOf(properties));
  if (/could not execute the lambda function/i.test(reason)) {
    return `The function needs an AWS::Lambda::Permission for logs.amazonaws.com with the log group's Arn as SourceArn, and the filter a DependsOn of it.`;
  }
  return undefined;
}

/** Lambda makes a function's log group at the first invocation, not before. */
function missingGroupHint(group: string | undefined): string {
  if (group === undefined)
    return "A function's log group appears with its first invocation: invoke it once, then deploy again.";
  if (!group.startsWith('/aws/lambda/')) {
    return `Create the log group ${group} first; one of a function (/aws/lambda/NAME) appears with its first invocation.`;
  }
  const ofFunction = group.slice('/aws/lambda/'.length);
  return `The log group ${group} appears with the function's first invocation: pipectl invoke ${ofFunction}, then deploy again.`;
}

function logGroupOf(properties: string | undefined): string | undefined {
  try {
    const parsed = JSON.parse(properties ?? '{}') as { LogGroupName?: unknown };
    return typeof parsed.LogGroupName === 'string' ? parsed.LogGroupName : undefined;
  } catch {
    return undefined;
  }
}
