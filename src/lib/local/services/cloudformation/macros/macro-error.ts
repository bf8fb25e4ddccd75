import type { AwsError } from '../../../wire/aws-error.js';
import { invalid } from '../validation-error.js';

/** A macro's refusal, in front of which CloudFormation says whose it is. */
export const macroError = (macro: string, why: string): AwsError => invalid(`Transform ${macro} failed with: ${why}`);
