import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { arnOf } from '../../kit/arn.js';
import type { OperationContext } from '../../wire/handlers.js';
import type { Stack, StackDefinition } from './stack.js';

/** A stack with nothing in it yet. */
export function newStack(
  name: string,
  definition: StackDefinition,
  context: Pick<OperationContext, 'region' | 'accountId'>,
  clock: Clock,
): Stack {
  return {
    id: arnOf('cloudformation', context, `stack/${name}/${randomUUID()}`),
    name,
    region: context.region,
    definition,
    status: 'REVIEW_IN_PROGRESS',
    reason: undefined,
    createdAt: new Date(clock.now()),
    updatedAt: undefined,
    deletedAt: undefined,
    resources: new Map(),
    outputs: [],
    imports: new Set(),
    serial: 0,
    events: [],
    parentId: undefined,
    terminationProtection: false,
    disableRollback: false,
    timeoutMinutes: undefined,
    changeSetId: undefined,
    token: undefined,
    underWay: Promise.resolve(),
    unfinishedRollback: undefined,
  };
}
