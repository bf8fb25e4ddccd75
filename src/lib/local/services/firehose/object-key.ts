// Keys of the objects that a delivery stream writes.
// https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
import { randomUUID } from 'node:crypto';
import { invalidArgument } from './firehose-errors.js';
import { formatJavaDate, isTimeZone, javaDateFault } from './java-date.js';

/** Why records go to the error prefix. */
export type ErrorOutputType = 'processing-failed' | 'format-conversion-failed' | 'http-endpoint-failed';

const EXPRESSION = /!\{([^}:]*):([^}]*)\}/g;
const DEFAULT_TIME = 'yyyy/MM/dd/HH/';
const LONGEST = 512;

export interface KeyRules {
  prefix: string;
  errorPrefix: string | undefined;
  timeZone: string;
  /** Begins with a dot, or is empty. */
  extension: string;
}

/** Which keys of dynamic partitioning a prefix may name, by the namespace. */
export type PartitionKeys = Readonly<
  Record<'partitionKeyFromQuery' | 'partitionKeyFromLambda', ReadonlySet<string> | 'any' | undefined>
>;

/** @throws AwsError InvalidArgumentException for what breaks one of AWS's rules for prefixes */
export function checkPrefixes(
  { prefix, errorPrefix, timeZone, extension }: KeyRules,
  partitionKeys: PartitionKeys,
): void {
  if (!isTimeZone(timeZone)) throw invalidArgument(`CustomTimeZone ${timeZone} is not a supported time zone.`);
  if (!/^$|^\.[0-9a-z!\-_.*'()]+$/.test(extension)) {
    throw invalidArgument(`FileExtension ${extension} must begin with a dot and have only 0-9a-z!-_.*'() after it.`);
  }
  checkExpressions('Prefix', prefix, partitionKeys);
  checkExpressions('ErrorOutputPrefix', errorPrefix ?? '', {
    partitionKeyFromQuery: undefined,
    partitionKeyFromLambda: undefined,
  });
  if (hasExpression(prefix) && errorPrefix === undefined) {
    throw invalidArgument('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  if (errorPrefix !== undefined && hasExpression(errorPrefix) && !/!\{firehose:error-output-type\}/.test(errorPrefix)) {
    throw invalidArgument(
      'ErrorOutputPrefix expression must include at least one instance of !{firehose:error-output-type}',
    );
  }
}

const hasExpression = (prefix: string): boolean => prefix.includes('!{');

function checkExpressions(member: 'Prefix' | 'ErrorOutputPrefix', text: string, partitionKeys: PartitionKeys): void {
  if (text.length > 1024) throw invalidArgument(`${member} must have length less than or equal to 1024`);
  if (text.replace(EXPRESSION, '').includes('!{')) {
    throw invalidArgument(`${member}: the sequence !{ can only appear in !{namespace:value} expressions`);
  }
  for (const [expression, namespace = '', value = ''] of text.matchAll(EXPRESSION)) {
    const fault = faultOf(member, namespace, value, partitionKeys);
    if (fault !== undefined) throw invalidArgument(`${member}: the expression ${expression} is invalid: ${fault}`);
  }
}

function faultOf(member: string, namespace: string, value: string, partitionKeys: PartitionKeys): string | undefined {
  switch (namespace) {
    case 'timestamp':
      return javaDateFault(value);
    case 'firehose':
      if (value === 'random-string') return undefined;
      if (value !== 'error-output-type') return `firehose has random-string and error-output-type`;
      return member === 'ErrorOutputPrefix' ? undefined : 'error-output-type is for ErrorOutputPrefix';
    case 'partitionKeyFromQuery':
    case 'partitionKeyFromLambda': {
      const known = partitionKeys[namespace];
      if (known === undefined) return `dynamic partitioning does not make keys for ${namespace} here`;
      return known === 'any' || known.has(value) ? undefined : `no key "${value}" is extracted`;
    }
    default:
      return `the namespace "${namespace}" is unknown`;
  }
}

export interface KeyOf {
  streamName: string;
  version: number;
  /** Arrival of the oldest record in the object. */
  oldestMs: number;
  /** Undefined for records that were delivered as they should. */
  error?: ErrorOutputType | undefined;
  partition?: Readonly<Record<string, string>> | undefined;
}

/** The key of one object. @throws AwsError InvalidArgumentException when its prefix is too long once it is evaluated */
export function objectKey(rules: KeyRules, of: KeyOf): string {
  const prefix = of.error === undefined ? rules.prefix : (rules.errorPrefix ?? `${rules.prefix}${of.error}/`);
  // Without an expression for it, the time is appended; an error prefix that was given is taken as it is.
  const timed = prefix.includes('!{timestamp:') || (of.error !== undefined && rules.errorPrefix !== undefined);
  const evaluated = evaluate(timed ? prefix : `${prefix}!{timestamp:${DEFAULT_TIME}}`, rules.timeZone, of);
  if (evaluated.length > LONGEST)
    throw invalidArgument(`a prefix has more than ${LONGEST} characters once it is evaluated: ${evaluated}`);
  const time = formatJavaDate('yyyy-MM-dd-HH-mm-ss', of.oldestMs, rules.timeZone);
  const extension = of.error === undefined ? rules.extension : '';
  return `${evaluated}${of.streamName}-${of.version}-${time}-${randomUUID()}${extension}`;
}

const evaluate = (prefix: string, timeZone: string, { oldestMs, error, partition = {} }: KeyOf): string =>
  prefix.replace(EXPRESSION, (_, namespace: string, value: string) => {
    if (namespace === 'timestamp') return formatJavaDate(value, oldestMs, timeZone);
    if (namespace === 'firehose') return value === 'random-string' ? randomUUID().slice(0, 11) : (error ?? '');
    return partition[value] ?? '';
  });
