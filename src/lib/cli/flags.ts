import * as Flags from '@oclif/core/flags';
import { parseByteSize } from '../shared/byte-size.js';
import { parseCount } from '../shared/count.js';
import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';

/** oclif writes over the message of whatever a flag's parser throws; the cause it leaves alone. */
export class FlagValueError extends Error {
  override readonly cause: UsageError;

  constructor(cause: UsageError) {
    super(cause.message);
    this.cause = cause;
  }
}

/**
 * What oclif calls to read a flag in one of the mini-languages: `Flags.custom<Rate>({ parse: readWith(parseRate) })`.
 * @param parse takes the text and the flag's name for its message, and throws UsageError
 */
export function readWith<T>(
  parse: (text: string, flag: string) => T,
): (text: string, context: unknown, flag: { name: string }) => Promise<T> {
  return async (text, _context, flag) => {
    try {
      return parse(text, `--${flag.name}`);
    } catch (error) {
      throw error instanceof UsageError ? new FlagValueError(error) : error;
    }
  };
}

/** `--duration 30s`: milliseconds. */
export const durationFlag = Flags.custom<number>({ parse: readWith(parseDuration) });

/** `--memory 512MiB`: bytes. */
export const byteSizeFlag = Flags.custom<number>({ parse: readWith(parseByteSize) });

/** `--count 5` or `--count 10k`: a whole number, within `min` and `max` where they are given. */
export const integerFlag = Flags.custom<number, { min?: number; max?: number }>({
  parse: (text, context, flag) => readWith((value, what) => parseCount(value, what, flag))(text, context, flag),
});

/** On every command that makes streams. */
export const createFlag = Flags.boolean({ description: 'Create the stream even if another one has a similar name.' });

/** On every command. */
export const globalFlags = {
  json: Flags.boolean({ description: 'Print the result as JSON; errors as JSON on stderr.', helpGroup: 'GLOBAL' }),
  verbose: Flags.boolean({ description: 'Show the target and how it was chosen.', helpGroup: 'GLOBAL' }),
  'no-color': Flags.boolean({ description: 'Disable colors (also NO_COLOR=1).', helpGroup: 'GLOBAL' }),
};

/** On every command that talks to a target. */
export const targetFlags = {
  local: Flags.boolean({
    description: 'Local endpoint; started if needed (default).',
    helpGroup: 'TARGET',
  }),
  localstack: Flags.boolean({
    description: 'LocalStack at http://127.0.0.1:4566.',
    helpGroup: 'TARGET',
  }),
  aws: Flags.boolean({ description: 'AWS, with your own credentials.', helpGroup: 'TARGET' }),
  'endpoint-url': Flags.string({
    description: 'Any other AWS-compatible endpoint.',
    helpValue: 'URL',
    helpGroup: 'TARGET',
  }),
  region: Flags.string({
    description: 'AWS region (default us-east-1; required on AWS).',
    helpValue: 'REGION',
    helpGroup: 'TARGET',
  }),
  profile: Flags.string({
    description: 'Profile in the AWS configuration (AWS only).',
    helpValue: 'NAME',
    helpGroup: 'TARGET',
  }),
};
