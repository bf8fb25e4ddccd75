import { UsageError } from '../errors.js';

/** A filter pattern that CloudWatch Logs would refuse. */
export class FilterPatternError extends UsageError {
  /** The pattern as it was given. */
  readonly pattern: string;
  /** Offset in `pattern`, from 0, where reading stopped. */
  readonly position: number;
  /** The sentence in which AWS refuses it, for the service to answer with. */
  readonly awsMessage: string;

  constructor(
    problem: string,
    at: { pattern: string; position: number; awsMessage?: string | undefined; hint?: string | undefined },
  ) {
    super(`filter pattern: ${problem}, at character ${at.position + 1} of ${at.pattern}`, {
      hint: at.hint ?? 'The language is described in docs/local-logs.md.',
    });
    this.pattern = at.pattern;
    this.position = at.position;
    this.awsMessage = at.awsMessage ?? 'Invalid filter pattern';
  }
}
