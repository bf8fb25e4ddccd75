import { OperationError } from '../shared/errors.js';
import { slipOf } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';
import type { DeployEvent } from './deploy-request.js';
import { describeStack } from './describe-stack.js';
import { destroyOrder } from './destroy-order.js';
import { emptyBucket } from './empty-bucket.js';
import { explainFailure } from './explain-failure.js';
import { StackFollower } from './follow-stack.js';
import { parseTemplateText } from './template-file.js';
import { withCauses } from './with-causes.js';

/** How long a stack may look untouched after DeleteStack was taken, before that counts as refused. */
const REFUSAL_PATIENCE_MS = 10_000;

export interface DestroyRequest {
  stackName: string;
  signal?: AbortSignal;
  onEvent?: (event: DeployEvent) => void;
}

export interface DestroyResult {
  stackName: string;
  /** False when there was no such stack. */
  existed: boolean;
  durationMs: number;
}

/**
 * Destroys several stacks, those that import before those that export. A stack that is not there is none to destroy, unless its name is like
 * another's.
 * @throws OperationError before anything is deleted, when a stack that is not among them imports from one that is
 */
export async function destroyStacks(
  clients: Clients,
  request: Omit<DestroyRequest, 'stackName'> & { stackNames: readonly string[] },
): Promise<DestroyResult[]> {
  const { stackNames, signal } = request;
  const found = await Promise.all(
    [...new Set(stackNames)].map(async (name) => ({ name, stack: await describeStack(clients, name, signal) })),
  );
  const standing = found.flatMap(({ stack }) => (stack && stack.StackStatus !== 'DELETE_COMPLETE' ? [stack] : []));
  for (const { name, stack } of found) if (!stack) await refuseNearName(clients, name, signal);
  const { order, inTheWay } = await destroyOrder(clients, standing, signal);
  const [first] = inTheWay;
  if (first) {
    throw new OperationError(`${first.exporter} exports ${first.exportName}, which ${first.importer} imports.`, {
      hint: `Destroy both: pipectl destroy ${[...new Set(inTheWay.map(({ importer }) => importer))].join(' ')} ${stackNames.join(' ')}`,
    });
  }
  const results: DestroyResult[] = [];
  for (const { StackName: stackName = '' } of order)
    results.push(await destroyStack(clients, { ...request, stackName }));
  for (const { name, stack } of found) {
    if (!stack || stack.StackStatus === 'DELETE_COMPLETE')
      results.push({ stackName: name, existed: false, durationMs: 0 });
  }
  return results;
}

/** @throws OperationError where a stack is there whose name is like the one that is not */
async function refuseNearName(clients: Clients, name: string, signal: AbortSignal | undefined): Promise<void> {
  const { paginateDescribeStacks } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const names: string[] = [];
  for await (const page of paginateDescribeStacks({ client }, {}))
    for (const { StackName } of page.Stacks ?? []) if (StackName !== undefined) names.push(StackName);
  signal?.throwIfAborted();
  const meant = slipOf(name, names);
  if (meant === undefined) return;
  throw new OperationError(`Stack "${name}" not found.`, {
    hint: `Did you mean "${meant}"? Nothing was deleted.`,
  });
}

/**
 * Empties the buckets the stack owns and deletes it, following the events to the end.
 * @throws OperationError with the first resource that could not be deleted and why
 */
export async function destroyStack(clients: Clients, request: DestroyRequest): Promise<DestroyResult> {
  const startedAt = performance.now();
  const { stackName, signal, onEvent = () => {} } = request;
  const { DeleteStackCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const stack = await describeStack(clients, stackName, signal);
  const done = (existed: boolean): DestroyResult => ({ stackName, existed, durationMs: performance.now() - startedAt });
  if (!stack?.StackId || stack.StackStatus === 'DELETE_COMPLETE') return done(false);
  if (stack.EnableTerminationProtection === true) {
    throw new OperationError(`${stackName} is protected against deletion.`, {
      hint: `Lift it first: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`,
    });
  }

  for (const bucket of await ownedBuckets(clients, stack.StackId, signal)) {
    const count = await emptyBucket(clients, bucket, signal);
    if (count > 0) onEvent({ kind: 'note', text: `emptied ${bucket} (${count} object${count === 1 ? '' : 's'})` });
  }
  const follower = await StackFollower.start(clients, stack.StackId, signal);
  await client.send(new DeleteStackCommand({ StackName: stack.StackId }), { abortSignal: signal });
  const giveUpAt = performance.now() + REFUSAL_PATIENCE_MS;
  const settled = await follower
    .untilSettled(
      (event) => onEvent({ kind: 'resource', event }),
      (status) =>
        !status.endsWith('_IN_PROGRESS') &&
        (status.startsWith('DELETE') || follower.events.length > 0 || performance.now() > giveUpAt),
    )
    .catch((error) => {
      if (signal?.aborted) onEvent({ kind: 'note', text: `${stackName} is still being deleted, without pipectl` });
      throw error;
    });
  if (settled.status === 'DELETE_COMPLETE') return done(true);
  // Deletion refused: the stack is what it was, and only its reason says why.
  throw explainFailure('Destroying', stackName, settled, await withCauses(clients, follower.events));
}

/** The buckets that go with the stack, those of nested stacks too; one with a DeletionPolicy of Retain stays, and what is in it stays too. */
async function ownedBuckets(clients: Clients, stackId: string, signal: AbortSignal | undefined): Promise<string[]> {
  const { GetTemplateCommand, ListStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const buckets: { logicalId: string; name: string }[] = [];
  const nested: { logicalId: string; name: string }[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName: stackId, NextToken: next }), {
      abortSignal: signal,
    });
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ??
      []) {
      const isThere = ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId;
      if (ResourceType === 'AWS::S3::Bucket' && isThere)
        buckets.push({ logicalId: LogicalResourceId ?? '', name: PhysicalResourceId });
      if (ResourceType === 'AWS::CloudFormation::Stack' && isThere)
        nested.push({ logicalId: LogicalResourceId ?? '', name: PhysicalResourceId });
    }
    next = page.NextToken;
  } while (next);
  if (buckets.length === 0 && nested.length === 0) return [];
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stackId }), {
    abortSignal: signal,
  });
  const text = typeof TemplateBody === 'string' ? TemplateBody : JSON.stringify(TemplateBody);
  const { resources } = parseTemplateText(text, `the template of ${stackId}`);
  const kept = new Set(
    resources.filter(({ deletionPolicy }) => deletionPolicy?.startsWith('Retain')).map(({ logicalId }) => logicalId),
  );
  const goes = ({ logicalId }: { logicalId: string }): boolean => !kept.has(logicalId);
  const inside = await Promise.all(nested.filter(goes).map(({ name }) => ownedBuckets(clients, name, signal)));
  return [...buckets.filter(goes).map(({ name }) => name), ...inside.flat()];
}
