import type { LambdaFunction, LambdaState } from './lambda-state.js';

/** The account's own quota in a region, of which functions reserve parts. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const ACCOUNT_CONCURRENCY = 1000;
/** What reservations must leave to functions without one. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const LEAST_UNRESERVED = 100;

/** What all functions without a reservation share. */
export function unreservedConcurrency({ functions }: LambdaState): number {
  let left = ACCOUNT_CONCURRENCY;
  for (const { reservedConcurrency = 0 } of functions.values()) left -= reservedConcurrency;
  return left;
}

/** What one function may take of the account's concurrency that no other reserved, and that others must be left with. */
export const spareConcurrency = (state: LambdaState, { reservedConcurrency = 0 }: LambdaFunction): number =>
  unreservedConcurrency(state) + reservedConcurrency - LEAST_UNRESERVED;
