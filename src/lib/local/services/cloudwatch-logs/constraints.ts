// The documented bounds of the members that many operations of CloudWatch Logs share.
import type { Constraint } from '../../wire/validate.js';

export const LOG_GROUP_NAME: Constraint = { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' };
export const LOG_GROUP_IDENTIFIER: Constraint = { min: 1, max: 2048, pattern: '[\\w#+=/:,.@-]*\\*?' };
export const LOG_STREAM_NAME: Constraint = { min: 1, max: 512, pattern: '[^:*]*' };
export const FILTER_NAME: Constraint = { min: 1, max: 512, pattern: '[^:*]*' };
export const FILTER_PATTERN: Constraint = { min: 0, max: 1024 };
export const DESCRIBE_LIMIT: Constraint = { range: [1, 50] };
export const TAGS: Constraint = { min: 1, max: 50 };

/** CloudWatch Logs answers a violated constraint with this code, where most services say ValidationException. */
export const INVALID = 'InvalidParameterException';
