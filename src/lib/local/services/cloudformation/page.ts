import { pager } from '../../kit/page.js';
import { invalid } from './validation-error.js';

/** CloudFormation's operations give 100 items at a time, and take no other number. */
export const PAGE_SIZE = 100;

/** @throws AwsError ValidationError for a token that was not given for this list */
export const page = pager(() => invalid('Invalid NextToken'));
