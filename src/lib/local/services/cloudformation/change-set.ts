import type { ChangeSetStatus, ChangeSetType, ExecutionStatus } from '@aws-sdk/client-cloudformation';
import type { PlannedResource } from './plan-changes.js';
import type { StackDefinition } from './stack.js';

export interface ChangeSetEntry {
  id: string;
  name: string;
  description: string | undefined;
  type: ChangeSetType;
  stackId: string;
  createdAt: Date;
  status: ChangeSetStatus;
  reason: string | undefined;
  executionStatus: ExecutionStatus;
  definition: StackDefinition;
  changes: PlannedResource[];
  onStackFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING' | undefined;
}
