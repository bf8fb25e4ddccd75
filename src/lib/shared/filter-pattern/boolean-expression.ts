// `&&` and `||` over conditions: `&&` binds tighter, parentheses bind tightest.
import type { PatternScanner } from './pattern-scanner.js';

/** A condition or a combination of them, over whatever a dialect looks at. */
export interface Expression<Subject> {
  test(subject: Subject): boolean;
  /** The first condition that makes this false, in words; called only where `test` is false. */
  explain(subject: Subject): string;
}

/** Consumes `condition && condition || (…)` as far as it goes. */
export function takeExpression<Subject>(
  scanner: PatternScanner,
  takeCondition: () => Expression<Subject>,
): Expression<Subject> {
  return takeOperands(scanner, '||', () => takeOperands(scanner, '&&', () => takeGroup(scanner, takeCondition)));
}

function takeGroup<Subject>(scanner: PatternScanner, takeCondition: () => Expression<Subject>): Expression<Subject> {
  scanner.skipSpace();
  const opened = scanner.position;
  if (!scanner.take('(')) return takeCondition();
  const inner = takeExpression(scanner, takeCondition);
  scanner.skipSpace();
  if (!scanner.take(')')) {
    throw scanner.atEnd ? scanner.error('the ( is never closed', { at: opened }) : scanner.unexpected();
  }
  return inner;
}

function takeOperands<Subject>(
  scanner: PatternScanner,
  operator: '&&' | '||',
  takeOperand: () => Expression<Subject>,
): Expression<Subject> {
  const operands = [takeOperand()];
  for (;;) {
    scanner.skipSpace();
    if (!scanner.take(operator)) break;
    operands.push(takeOperand());
  }
  const [only] = operands;
  if (only && operands.length === 1) return only;
  return operator === '&&'
    ? {
        test: (subject) => operands.every((operand) => operand.test(subject)),
        explain: (subject) => operands.find((operand) => !operand.test(subject))?.explain(subject) ?? '',
      }
    : {
        test: (subject) => operands.some((operand) => operand.test(subject)),
        explain: (subject) => operands.map((operand) => operand.explain(subject)).join('; and '),
      };
}
