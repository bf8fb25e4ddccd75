import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../../shared/clock.js';
import { shownProperties } from './run/shown-properties.js';
import type { Stack, StackResource } from './stack.js';

/** Sets a stack's status and writes it to its events. */
export function setStackStatus(stack: Stack, status: StackStatus, clock: Clock, reason?: string): void {
  const at = new Date(clock.now());
  stack.status = status;
  stack.reason = reason;
  stack.events.push({
    id: randomUUID(),
    at,
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: status as ResourceStatus,
    reason,
    properties: undefined,
    token: stack.token,
  });
}

/** Sets a resource's status and writes it to its stack's events. */
export function setResourceStatus(
  stack: Stack,
  resource: StackResource,
  status: ResourceStatus,
  clock: Clock,
  reason?: string,
): void {
  const at = new Date(clock.now());
  resource.status = status;
  resource.reason = reason;
  resource.updatedAt = at;
  stack.events.push({
    id: `${resource.logicalId}-${status}-${at.toISOString()}-${randomUUID().slice(0, 8)}`,
    at,
    logicalId: resource.logicalId,
    physicalId: resource.physicalId,
    type: resource.type,
    status,
    reason,
    properties: JSON.stringify(shownProperties(resource.properties)),
    token: stack.token,
  });
}
