import { AwsError } from '../../wire/aws-error.js';
import type { ChangeSetEntry } from './change-set.js';
import type { Stack } from './stack.js';
import { invalid } from './validation-error.js';

/** AWS names no such limit; nobody's templates come near. */
const MAX_NESTING = 10;

/** Every stack of one region, living and deleted, and the exports they share. */
export class StackStore {
  /** By id; deleted stacks stay, as CloudFormation keeps them for 90 days. */
  readonly stacks = new Map<string, Stack>();
  readonly changeSets = new Map<string, ChangeSetEntry>();

  /** Stacks about to be made as resources of others: their name, and the other's id. */
  readonly #adopted = new Map<string, string>();

  add(stack: Stack): void {
    stack.parentId = this.#adopted.get(stack.name);
    this.#adopted.delete(stack.name);
    stack.serial = this.stacks.size;
    this.stacks.set(stack.id, stack);
  }

  /**
   * Says that the next stack of that name is a resource of `parent`.
   * @throws AwsError LimitExceededException where that would nest too deep: a template that names itself would never end
   */
  adopt(name: string, parent: Stack): void {
    if (this.ancestors(parent).length >= MAX_NESTING) {
      throw new AwsError(
        'LimitExceededException',
        `Stacks are nested more than ${MAX_NESTING} deep; does a template name itself?`,
      );
    }
    this.#adopted.set(name, parent.id);
  }

  /** The stacks around one, innermost first. */
  ancestors({ parentId }: Stack): Stack[] {
    const parent = parentId === undefined ? undefined : this.stacks.get(parentId);
    return parent ? [parent, ...this.ancestors(parent)] : [];
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
    if (!stack) throw invalid(missing(nameOrId));
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
