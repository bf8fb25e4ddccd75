import type { Constraint } from '../../wire/validate.js';

const NAME = '[\\w+=,.@-]+';
export const ROLE_NAME: Constraint = { min: 1, max: 64, pattern: NAME };
export const POLICY_NAME: Constraint = { min: 1, max: 128, pattern: NAME };
export const PROFILE_NAME: Constraint = { min: 1, max: 128, pattern: NAME };
export const PATH: Constraint = { min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' };
export const POLICY_ARN: Constraint = { min: 20, max: 2048 };
export const DOCUMENT: Constraint = { min: 1, max: 131_072 };
export const DESCRIPTION: Constraint = { max: 1000 };
export const TAGS: Constraint = {
  max: 50,
  members: { Key: { min: 1, max: 128 }, Value: { min: 0, max: 256 } },
};
export const PAGING = { MaxItems: { range: [1, 1000] as const }, Marker: { min: 1 } };
