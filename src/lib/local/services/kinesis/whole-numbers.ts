import { AwsError } from '../../wire/aws-error.js';

/** The largest Integer, on AWS as in Java. */
export const LARGEST_INTEGER = 2 ** 31 - 1;

/**
 * Gives operations only whole numbers. Every number in a request to Kinesis is an Integer, which the clients' schemas do not tell from any
 * other number. As AWS does, what is behind the point is cut off, and what is too large becomes the largest there is.
 * @throws AwsError SerializationException for what is no number at all: clients write NaN and Infinity as text
 */
export function cutNumbers(input: Record<string, unknown>): Record<string, unknown> {
  let cut = input;
  for (const name in input) {
    const value = input[name];
    if (typeof value !== 'number' || value === (value | 0)) continue;
    if (!Number.isFinite(value))
      throw new AwsError('SerializationException', 'STRING_VALUE can not be converted to an Integer');
    if (cut === input) cut = { ...input };
    cut[name] = Math.max(-LARGEST_INTEGER - 1, Math.min(LARGEST_INTEGER, Math.trunc(value)));
  }
  return cut;
}
