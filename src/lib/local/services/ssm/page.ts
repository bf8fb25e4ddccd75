import { pager } from '../../kit/page.js';
import { AwsError } from '../../wire/aws-error.js';

export const page = pager(() => new AwsError('InvalidNextToken', 'The specified token is not valid.'));
