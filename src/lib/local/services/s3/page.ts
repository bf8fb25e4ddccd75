import { pager } from '../../kit/page.js';
import { invalidArgument } from './s3-error.js';

export const page = pager(() => invalidToken());

export const invalidToken = () => invalidArgument('The continuation token provided is incorrect');
