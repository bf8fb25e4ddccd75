import { describe, expect, it } from 'vitest';
import { evaluate } from './run-sql.js';

describe('numbers', () => {
  const cases: [expression: string, value: string][] = [
    ['7/2', '3'],
    ['-7/2', '-3'],
    ['x/2', '3'],
    ['7.0/2', '3.500000000000'],
    ['7e0/2', '3.5'],
    ['0.1 + 0.2', '0.3'],
    ['1.10 * 3', '3.30'],
    ['9223372036854775806 + 1', '9223372036854775807'],
    ['9007199254740993 - 1', '9007199254740992'],
    ['MOD(x, 4)', '3'],
    ['x % 4', '3'],
    ['ABS(-5)', '5'],
    ['FLOOR(-1.5)', '-2'],
    ['CEIL(1.2)', '2'],
    ['ROUND(2.567, 1)', '2.600'],
    ['POWER(2, 10)', '1024'],
    ['SQRT(9)', '3'],
    ['CAST(3.99 AS INTEGER)', '3'],
    ["CAST('12.345' AS DECIMAL(5,2))", '12.35'],
    ['1/0', 'error: Division by zero.'],
    ['x/(x-7)', 'error: Division by zero.'],
    ['2147483647 + x', 'error: Value out of range for INTEGER.'],
    ['9223372036854775807 + 1', 'error: Value out of range for BIGINT.'],
    ['CAST(300 AS TINYINT)', 'error: Value out of range for TINYINT.'],
    ["CAST('abc' AS INTEGER)", "error: Cannot convert 'abc' to INTEGER."],
    ['CAST(12345.6 AS DECIMAL(5,2))', 'error: Value out of range for DECIMAL(5, 2).'],
  ];
  it.each(cases)('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});

describe('three-valued logic', () => {
  const cases: [expression: string, value: string][] = [
    ['NULL AND FALSE', 'FALSE'],
    ['NULL AND TRUE', 'null'],
    ['NULL OR TRUE', 'TRUE'],
    ['NULL OR FALSE', 'null'],
    ['NOT (NULL = 1)', 'null'],
    ['n = 1', 'null'],
    ['n <> n', 'null'],
    ['n IS NULL', 'TRUE'],
    ['n IS NOT DISTINCT FROM NULL', 'TRUE'],
    ['(n = 1) IS UNKNOWN', 'TRUE'],
    ['x IN (1, NULL)', 'null'],
    ['x IN (7, NULL)', 'TRUE'],
    ['x NOT IN (1, NULL)', 'null'],
    ['n BETWEEN 1 AND 2', 'null'],
    ['x BETWEEN n AND 6', 'FALSE'],
    ['x BETWEEN 7 AND 7', 'TRUE'],
    ['CASE WHEN n > 1 THEN 1 ELSE 2 END', '2'],
    ["CASE x WHEN 6 THEN 'six' WHEN 7 THEN 'seven' END", 'seven'],
    ['COALESCE(n, x, 1)', '7'],
    ['NULLIF(x, 7)', 'null'],
    ['n + 1', 'null'],
  ];
  it.each(cases)('%s is %s', (expression, value) =>
    expect(evaluate(expression, { X: 'INTEGER', N: 'INTEGER' })).toBe(value),
  );
});

describe('text', () => {
  const cases: [expression: string, value: string][] = [
    ["'a' || 'b'", 'ab'],
    ["UPPER('abc')", 'ABC'],
    ["INITCAP('each FIRST letter')", 'Each First Letter'],
    ["CHAR_LENGTH('four')", '4'],
    ["SUBSTRING('123456789' FROM 3 FOR 4)", '3456'],
    ["SUBSTRING('123456789', 6)", '6789'],
    ["SUBSTRING('123456789' FROM -1 FOR 4)", '12'],
    ["OVERLAY('12345' PLACING 'foo' FROM 1)", 'foo45'],
    ["OVERLAY('12345' PLACING 'foo' FROM 2 FOR 4)", '1foo'],
    ["POSITION('findme' IN '1234findmeXXX')", '5'],
    ["POSITION('findme' IN 'nothere')", '0'],
    ["TRIM(BOTH 'a' FROM 'abcda')", 'bcd'],
    ["TRIM(LEADING 'a' FROM 'aab')", 'b'],
    ["TRIM('  x ')", 'x'],
    ["'x' LIKE '_'", 'TRUE'],
    ["'50%' LIKE '50!%' ESCAPE '!'", 'TRUE'],
    ["'508' LIKE '50!%' ESCAPE '!'", 'FALSE'],
    ["'a\nb' LIKE 'a%b'", 'TRUE'],
    ["'abc' NOT LIKE '%b%'", 'FALSE'],
    ["'abc' LIKE 'a_c%'", 'TRUE'],
    ["'aaab' SIMILAR TO 'a+b'", 'TRUE'],
    ["'xaaab' SIMILAR TO 'a+b'", 'FALSE'],
    ["'cat' SIMILAR TO 'cat|dog'", 'TRUE'],
    ["'cats' SIMILAR TO 'cat|dog'", 'FALSE'],
    ["'abab' SIMILAR TO '(ab){2}'", 'TRUE'],
    ["'a.c' SIMILAR TO 'a.c'", 'TRUE'],
    ["'abc' SIMILAR TO 'a.c'", 'FALSE'],
    ["'a7' SIMILAR TO '[a-z][0-9]'", 'TRUE'],
    ['CAST(TRUE AS VARCHAR(5))', 'TRUE'],
    ["CAST('toolong' AS VARCHAR(4))", 'tool'],
    ["CAST('ab' AS CHAR(4)) || '.'", 'ab  .'],
  ];
  it.each(cases)('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));

  it('refuses a pattern that is none where it is written', () => {
    expect(() => evaluate("'a' SIMILAR TO '('")).toThrow("SQL line 1, column 30: '(' is not a valid pattern.");
  });
});

describe('time', () => {
  const cases: [expression: string, value: string][] = [
    ['ROWTIME', '10:11:12.345'],
    ['FLOOR(ROWTIME TO MINUTE)', '10:11:00'],
    ['CEIL(ROWTIME TO HOUR)', '11:00:00'],
    ["STEP(ROWTIME BY INTERVAL '10' SECOND)", '10:11:10'],
    ["ROWTIME + INTERVAL '1:30' MINUTE TO SECOND", '10:12:42.345'],
    ["TIMESTAMP '2004-01-31 00:00:00' + INTERVAL '1' MONTH", '2004-02-29 00:00:00.000'],
    ["DATE '2004-03-01' - INTERVAL '1' DAY", '2004-02-29'],
    ["CAST((TIMESTAMP '2018-08-01 10:12:00' - TIMESTAMP '2018-08-01 10:10:30') SECOND AS INTEGER)", '90'],
    ['EXTRACT(HOUR FROM ROWTIME)', '10'],
    ["EXTRACT(YEAR FROM DATE '2004-03-01')", '2004'],
    ["CHAR_TO_TIMESTAMP('dd/MMM/yyyy:HH:mm:ss Z', '24/May/2004:22:01:02 -0700')", '2004-05-25 05:01:02.000'],
    ["TIMESTAMP_TO_CHAR('EEE, d MMM yyyy', ROWTIME)", 'Wed, 1 Aug 2018'],
    ['CAST(ROWTIME AS DATE)', '2018-08-01'],
    ["CAST('2018-08-01T10:00:00Z' AS TIMESTAMP)", '10:00:00'],
    ['UNIX_TIMESTAMP(ROWTIME)', '1533118272345'],
    ["CASE WHEN ROWTIME > TIMESTAMP '2018-01-01 00:00:00' THEN 1 END", '1'],
    ["CHAR_TO_DATE('yyyy-MM-dd', 'x')", "error: 'x' does not match the format 'yyyy-MM-dd'."],
  ];
  it.each(cases)('%s is %s', (expression, value) => expect(evaluate(expression)).toBe(value));
});
