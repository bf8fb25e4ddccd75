import { AwsError } from '../../wire/aws-error.js';
import type { ChangeSetEntry } from './change-set.js';
import type { Stack } from './stack.js';

/** Every stack of one region, living and deleted, and the exports they share. */
export class StackStore {
  /** By id; deleted stacks stay, as CloudFormation keeps them for 90 days. */
  readonly stacks = new Map<string, Stack>();
  readonly changeSets = new Map<string, ChangeSetEntry>();

  add(stack: Stack): void {
    this.stacks.set(stack.id, stack);
  }

  /** A living stack by name, or any stack by id. */
  find(nameOrId: string): Stack | undefined {
    const byId = this.stacks.get(nameOrId);
    if (byId) return byId;
    for (const stack of this.stacks.values()) {
      if (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE') return stack;
    }
    return undefined;
  }

  /** @throws AwsError ValidationError; operations disagree on the sentence */
  get(nameOrId: string, missing: (name: string) => string = (name) => `Stack with id ${name} does not exist`): Stack {
    const stack = this.find(nameOrId);
    if (!stack) throw new AwsError('ValidationError', missing(nameOrId));
    return stack;
  }

  /** What every stack exports, by export name. */
  exports(): Map<string, { value: string; stack: Stack }> {
    const found = new Map<string, { value: string; stack: Stack }>();
    for (const stack of this.stacks.values()) {
      if (stack.status === 'DELETE_COMPLETE') continue;
      for (const { exportName, value } of stack.outputs) {
        if (exportName !== undefined) found.set(exportName, { value, stack });
      }
    }
    return found;
  }

  /** Names of the stacks that use an export. */
  importers(exportName: string): string[] {
    return [...this.stacks.values()]
      .filter((stack) => stack.status !== 'DELETE_COMPLETE' && stack.imports.has(exportName))
      .map((stack) => stack.name);
  }
}
