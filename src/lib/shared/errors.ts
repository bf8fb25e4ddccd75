/** What pipectl throws on purpose. Anything else that reaches main is a bug in pipectl, exits 70, and says so. */
export abstract class PipectlError extends Error {
  abstract readonly exitCode: number;
  /** What to do next, in one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The words on the command line, in the environment or in a file are wrong. Exit 2. */
export class UsageError extends PipectlError {
  readonly exitCode = 2;
}

/** The operation was understood and failed. Exit 1. */
export class OperationError extends PipectlError {
  readonly exitCode: number = 1;
}

/** A verification ran to its end and its verdict is not green. Exit 3. */
export class VerdictError extends PipectlError {
  readonly exitCode = 3;
}
