import { invalid } from '../dynamodb-errors.js';
import type { Comparator, Condition, Operand } from './ast.js';
import { type ParseFaults, parseOperand } from './parse-operand.js';
import { Tokens } from './token.js';

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
]);

/**
 * Parses a condition, filter or key condition.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * @throws AwsError ValidationException with DynamoDB's detail, to be put after `Invalid FilterExpression: `
 */
export function parseCondition(text: string): Condition {
  const tokens = new Tokens(text);
  const parser = new ConditionParser(tokens);
  const condition = parser.or();
  if (tokens.next.kind !== 'end') throw tokens.unexpected();
  const { parentheses, unknownFunction, misusedFunction, reserved } = parser.faults;
  const fault = parentheses ?? unknownFunction ?? misusedFunction ?? reserved;
  if (fault !== undefined) throw invalid(fault);
  return condition;
}

class ConditionParser {
  readonly faults: ParseFaults = {};
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  or(): Condition {
    let left = this.#and();
    while (this.#tokens.takes('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#tokens.takes('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#tokens.takes('NOT')) return { kind: 'not', inner: this.#not() };
    const first = this.#primary();
    if (!isOperand(first)) return first;
    const condition = this.#test(first);
    if (condition.kind === 'function' && first === this.#enclosed) this.#enclosed = condition;
    return condition;
  }

  /** What stood in the parentheses that were closed last. */
  #enclosed: Condition | Operand | undefined;

  /** In parentheses stands a condition, or an operand of a comparison. */
  #primary(): Condition | Operand {
    if (!this.#tokens.takes('(')) return this.#operand();
    const isDoubled = this.#tokens.isNext('(');
    const inner = this.#enclosedOperand() ?? this.or();
    this.#tokens.expect(')');
    if (isDoubled && inner === this.#enclosed) this.faults.parentheses ??= 'The expression has redundant parentheses;';
    this.#enclosed = inner;
    return inner;
  }

  #enclosedOperand(): Operand | undefined {
    const mark = this.#tokens.mark;
    try {
      const part = this.#primary();
      if (isOperand(part) && this.#tokens.isNext(')')) return part;
    } catch {
      // It is a condition; if it is neither, reading it as one names what is wrong.
    }
    this.#tokens.mark = mark;
    return undefined;
  }

  #test(left: Operand): Condition {
    const tokens = this.#tokens;
    if (tokens.takes('BETWEEN')) {
      const low = this.#comparable();
      tokens.expect('AND');
      return { kind: 'between', operand: this.#comparable(left), low, high: this.#comparable() };
    }
    if (tokens.takes('IN')) {
      tokens.expect('(');
      const options: Operand[] = [];
      do options.push(this.#comparable());
      while (tokens.takes(','));
      tokens.expect(')');
      return { kind: 'in', operand: this.#comparable(left), options };
    }
    if (tokens.next.kind === 'sign' && COMPARATORS.has(tokens.next.text)) {
      const comparator = tokens.take().text as Comparator;
      return { kind: 'compare', comparator, left: this.#comparable(left), right: this.#comparable() };
    }
    if (left.kind !== 'call') throw tokens.unexpected();
    if (left.name === 'size') this.#misuse('size');
    for (const arg of left.args) this.#comparable(arg);
    return { kind: 'function', name: left.name, args: left.args };
  }

  /** An operand that has a value: of the functions only size has one. */
  #comparable(operand = this.#sideOperand()): Operand {
    if (operand.kind === 'call' && operand.name !== 'size') this.#misuse(operand.name);
    return operand;
  }

  #sideOperand(): Operand {
    const operand = this.#primary();
    if (!isOperand(operand)) throw this.#tokens.unexpected();
    return operand;
  }

  #operand(): Operand {
    const operand = parseOperand(this.#tokens, this.faults);
    if (operand.kind === 'call' && !FUNCTIONS.has(operand.name)) {
      this.faults.unknownFunction ??= `Invalid function name; function: ${operand.name}`;
    }
    return operand;
  }

  #misuse(name: string): void {
    this.faults.misusedFunction ??= `The function is not allowed to be used this way in an expression; function: ${name}`;
  }
}

const isOperand = (part: Condition | Operand): part is Operand =>
  part.kind === 'path' || part.kind === 'value' || part.kind === 'call';
