import { invalid } from '../dynamodb-errors.js';
import type { Operand, PathParts, SetValue, UpdateAction } from './ast.js';
import { type ParseFaults, parseOperand, parsePath } from './parse-operand.js';
import { Tokens } from './token.js';

const FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);
const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/**
 * Parses an update expression: its actions, in the order of the text.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 * @throws AwsError ValidationException with DynamoDB's detail, to be put after `Invalid UpdateExpression: `
 */
export function parseUpdate(text: string): UpdateAction[] {
  const tokens = new Tokens(text);
  const faults: ParseFaults = {};
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  do {
    const section = SECTIONS.find((name) => tokens.takes(name));
    if (section === undefined) throw tokens.unexpected();
    if (seen.has(section)) faults.section ??= `The "${section}" section can only be used once in an update expression;`;
    seen.add(section);
    do actions.push(parseAction(section, tokens, faults));
    while (tokens.takes(','));
  } while (tokens.next.kind !== 'end');
  const fault = faults.reserved ?? faults.unknownFunction ?? faults.section;
  if (fault !== undefined) throw invalid(fault);
  return actions;
}

function parseAction(section: (typeof SECTIONS)[number], tokens: Tokens, faults: ParseFaults): UpdateAction {
  const path = parsePath(tokens, faults);
  if (section === 'REMOVE') return { kind: 'remove', path };
  if (section === 'SET') {
    tokens.expect('=');
    return { kind: 'set', path, value: parseSetValue(tokens, faults) };
  }
  if (tokens.next.kind !== 'value') throw tokens.unexpected();
  return { kind: section === 'ADD' ? 'add' : 'delete', path, placeholder: tokens.take().text };
}

function parseSetValue(tokens: Tokens, faults: ParseFaults): SetValue {
  const isEnclosed = tokens.takes('(');
  const left = isEnclosed ? parseSetValue(tokens, faults) : known(parseOperand(tokens, faults), faults);
  if (isEnclosed) tokens.expect(')');
  if (left.kind === 'sum' || left.kind === 'difference') return left;
  const kind = tokens.takes('+') ? 'sum' : tokens.takes('-') ? 'difference' : undefined;
  if (kind === undefined) return left;
  return { kind, left, right: known(parseOperand(tokens, faults), faults) };
}

function known(operand: Operand, faults: ParseFaults): Operand {
  if (operand.kind !== 'call') return operand;
  if (!FUNCTIONS.has(operand.name)) faults.unknownFunction ??= `Invalid function name; function: ${operand.name}`;
  for (const arg of operand.args) known(arg, faults);
  return operand;
}

/**
 * Parses a projection: the paths it names.
 * @throws AwsError ValidationException with DynamoDB's detail, to be put after `Invalid ProjectionExpression: `
 */
export function parseProjection(text: string): PathParts[] {
  const tokens = new Tokens(text);
  const faults: ParseFaults = {};
  const paths: PathParts[] = [];
  do paths.push(parsePath(tokens, faults));
  while (tokens.takes(','));
  if (tokens.next.kind !== 'end') throw tokens.unexpected();
  if (faults.reserved !== undefined) throw invalid(faults.reserved);
  return paths;
}
