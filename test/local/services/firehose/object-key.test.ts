import { describe, expect, test } from 'vitest';
import { formatJavaDate, javaDateFault } from '../../../../src/lib/local/services/firehose/java-date.js';
import { checkPrefixes, type KeyRules, objectKey } from '../../../../src/lib/local/services/firehose/object-key.js';

const AT = Date.UTC(2018, 7, 27, 10, 30, 5, 42);
const NONE = { partitionKeyFromQuery: undefined, partitionKeyFromLambda: undefined };
const rules = (own: Partial<KeyRules> = {}): KeyRules => ({
  prefix: '',
  errorPrefix: undefined,
  timeZone: 'UTC',
  extension: '',
  ...own,
});
const key = (own: Partial<KeyRules>, error?: 'processing-failed'): string =>
  objectKey(rules(own), { streamName: 'orders', version: 3, oldestMs: AT, error });
const SUFFIX = /orders-3-2018-08-27-10-30-05-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the key of an object', () => {
  test.each([
    ['', undefined, '2018/08/27/10/'],
    ['raw/', undefined, 'raw/2018/08/27/10/'],
    ['raw', undefined, 'raw2018/08/27/10/'],
    ['year=!{timestamp:yyyy}/', undefined, 'year=2018/'],
    [`!{timestamp:'year='yyyy'/month='MM'/day='dd}/`, undefined, 'year=2018/month=08/day=27/'],
    ['', 'processing-failed', 'processing-failed/2018/08/27/10/'],
    ['raw/', 'processing-failed', 'raw/processing-failed/2018/08/27/10/'],
  ] as const)('with the prefix "%s" and the error %s begins with %s', (prefix, error, begins) => {
    const made = key({ prefix }, error);
    expect(made.replace(SUFFIX, '')).toBe(begins);
    expect(made).toMatch(SUFFIX);
  });

  test('an error prefix that is given is taken as it is', () => {
    expect(key({ errorPrefix: 'failed/!{firehose:error-output-type}/' }, 'processing-failed').replace(SUFFIX, '')).toBe(
      'failed/processing-failed/',
    );
  });

  test('each random string is another, of 11 characters', () => {
    const [, first, second] =
      /^(.{11})\/(.{11})\/2018/.exec(key({ prefix: '!{firehose:random-string}/!{firehose:random-string}/' })) ?? [];
    expect(first).toBeDefined();
    expect(first).not.toBe(second);
  });

  test('the time zone counts for the prefix and the name', () => {
    expect(key({ timeZone: 'Asia/Tokyo' })).toMatch(/^2018\/08\/27\/19\/orders-3-2018-08-27-19-30-05-/);
  });

  test('the extension ends what was delivered, and not what failed', () => {
    expect(key({ extension: '.gz' })).toMatch(/\.gz$/);
    expect(key({ extension: '.gz' }, 'processing-failed')).toMatch(SUFFIX);
  });

  test('a prefix of more than 512 characters is refused', () => {
    expect(() => key({ prefix: `!{timestamp:'${'x'.repeat(513)}'}` })).toThrow(/512/);
  });
});

describe('prefixes that are refused', () => {
  test.each([
    [{ prefix: '!{timestamp:yyyy}/' }, /ErrorOutputPrefix cannot be null/],
    [{ prefix: 'a', errorPrefix: '!{timestamp:yyyy}/' }, /at least one instance of !\{firehose:error-output-type\}/],
    [{ prefix: '!{firehose:error-output-type}', errorPrefix: 'e' }, /error-output-type is for ErrorOutputPrefix/],
    [{ prefix: '!{firehose:name}', errorPrefix: 'e' }, /random-string and error-output-type/],
    [{ prefix: '!{time:yyyy}', errorPrefix: 'e' }, /the namespace "time" is unknown/],
    [{ prefix: 'a!{b', errorPrefix: 'e' }, /can only appear in/],
    [{ prefix: '!{timestamp:QQ}', errorPrefix: 'e' }, /"QQ" is not supported/],
    [{ prefix: '!{partitionKeyFromQuery:customer}', errorPrefix: 'e' }, /dynamic partitioning/],
    [{ timeZone: 'Asia/Nowhere' }, /not a supported time zone/],
    [{ extension: 'gz' }, /must begin with a dot/],
  ])('%j', (own, message) => {
    expect(() => checkPrefixes(rules(own), NONE)).toThrow(message);
  });
});

describe("Java's dates", () => {
  test.each([
    ['yyyy-MM-dd HH:mm:ss.SSS', '2018-08-27 10:30:05.042'],
    ['yy/M/d', '18/8/27'],
    ['EEE, MMM d; EEEE MMMM', 'Mon, Aug 27; Monday August'],
    ["hh a 'o''clock' ''", "10 AM o'clock '"],
    ['DDD', '239'],
  ])('%s', (pattern, text) => {
    expect(javaDateFault(pattern)).toBeUndefined();
    expect(formatJavaDate(pattern, AT, 'UTC')).toBe(text);
  });

  test.each(["'open", 'VV', 'dddd', 'yyyy[MM]'])('%s is refused', (pattern) => {
    expect(javaDateFault(pattern)).toBeDefined();
  });
});
