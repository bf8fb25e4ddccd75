import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html: a token is known for ten minutes. */
const KEPT_MS = 10 * 60 * 1000;

/** The client request tokens of a region's transactions that were carried out. */
export class IdempotencyTokens {
  /** In the order of their times. */
  readonly #known = new Map<string, { request: string; atMs: number }>();

  /**
   * Whether a request with this token was carried out before.
   * @throws AwsError IdempotentParameterMismatchException for a token of another request
   */
  isRepeated(token: string | undefined, input: object, nowMs: number): boolean {
    for (const [old, { atMs }] of this.#known) {
      if (atMs > nowMs - KEPT_MS) break;
      this.#known.delete(old);
    }
    const before = token === undefined ? undefined : this.#known.get(token);
    if (!before) return false;
    if (before.request === digest(input)) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request',
    );
  }

  keep(token: string | undefined, input: object, nowMs: number): void {
    if (token !== undefined) this.#known.set(token, { request: digest(input), atMs: nowMs });
  }
}

const digest = (input: object): string => createHash('sha256').update(JSON.stringify(input)).digest('base64');
