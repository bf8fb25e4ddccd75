import { AwsError } from '../../wire/aws-error.js';

/** CloudFormation has one code for nearly everything that is wrong with a request; the sentence says what. */
export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/** The template is not built as templates are. */
export const formatError = (message: string): AwsError => invalid(`Template format error: ${message}`);

/** A function in the template cannot be worked out. */
export const templateError = (message: string): AwsError => invalid(`Template error: ${message}`);
