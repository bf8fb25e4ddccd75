import { constraintsViolated } from '../../wire/validate.js';
import { invalid } from './dynamodb-errors.js';

/** The bounds of a list in a batch request, in DynamoDB's own form of the sentence, which does not repeat the request. @throws AwsError */
export function checkCount(where: string, count: number, [least, most]: readonly [number, number]): void {
  const must =
    count < least
      ? `Member must have length greater than or equal to ${least}`
      : count > most
        ? `Member must have length less than or equal to ${most}`
        : undefined;
  if (must !== undefined) throw constraintsViolated([`Value at '${where}' failed to satisfy constraint: ${must}`]);
}

/** Places that a request has named. */
export class NamedOnce {
  readonly #seen = new Set<string>();

  /** @throws AwsError ValidationException for a key that was named before */
  add(table: string, place: string): void {
    const key = `${table}/${place}`;
    if (this.#seen.has(key)) throw invalid('Provided list of item keys contains duplicates');
    this.#seen.add(key);
  }
}
