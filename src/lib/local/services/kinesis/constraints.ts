// Documented constraints of members that many operations share, as AWS publishes them in the service's model.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html
import type { Constraint, Constraints } from '../../wire/validate.js';

const NAME = '[a-zA-Z0-9_.-]+';

export const STREAM_NAME: Constraint = { min: 1, max: 128, pattern: NAME };
const STREAM_ARN: Constraint = { min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' };
export const SHARD_ID: Constraint = { min: 1, max: 128, pattern: NAME };
export const SEQUENCE_NUMBER: Constraint = { pattern: '0|([1-9]\\d{0,128})' };
export const HASH_KEY: Constraint = { pattern: '0|([1-9]\\d{0,38})' };
export const CONSUMER_NAME: Constraint = { min: 1, max: 128, pattern: NAME };
const CONSUMER_ARN: Constraint = {
  min: 1,
  max: 2048,
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
};
const RESOURCE_ARN: Constraint = {
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+',
};
export const NEXT_TOKEN: Constraint = { min: 1, max: 1048576 };
export const TAG_KEY: Constraint = { min: 1, max: 128 };
export const TAG_KEYS: Constraint = { min: 1, max: 50, item: TAG_KEY };
export const TAG_MAP: Constraint = { min: 1, max: 200, keys: TAG_KEY, values: { min: 0, max: 256 } };
export const ITERATOR_TYPE: Constraint = {
  enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
};

/** Reserved by AWS for the future; checked like any other member. */
const STREAM_ID: Constraint = { min: 1, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' };
/** A stream by its ARN alone. */
export const STREAM_BY_ARN: Constraints = { StreamARN: STREAM_ARN, StreamId: STREAM_ID };
/** StreamName, StreamARN or both. */
export const ONE_STREAM: Constraints = { StreamName: STREAM_NAME, ...STREAM_BY_ARN };
/** A consumer's ARN, or its stream's and its name. */
export const ONE_CONSUMER: Constraints = { ...STREAM_BY_ARN, ConsumerName: CONSUMER_NAME, ConsumerARN: CONSUMER_ARN };
/** The ARN of a stream or of a consumer. */
export const ONE_RESOURCE: Constraints = { ResourceARN: RESOURCE_ARN, StreamId: STREAM_ID };
