/** What a deploy would change, one line a resource. */
export interface StackPlan {
  stackName: string;
  /** False for a stack that stands already. */
  isNew: boolean;
  /** True when nothing would change: no resource, no output, no tag. */
  isEmpty: boolean;
  changes: PlannedChange[];
}

export interface PlannedChange {
  /** `replace` makes a new resource and removes the old one; `maybe-replace` is what CloudFormation calls conditional. */
  action: 'add' | 'modify' | 'replace' | 'maybe-replace' | 'remove' | 'import' | 'unknown';
  logicalId: string;
  type: string;
  physicalId: string | undefined;
  /** What makes it change: property names, `Tags`, `Metadata` and the like. */
  because: string[];
  /** The endpoint keeps the resource and does nothing for it. */
  keptWithoutEffect?: true;
}
