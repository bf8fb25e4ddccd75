import type { Operand, PathParts } from './ast.js';
import { isReserved } from './reserved-words.js';
import type { Tokens } from './token.js';

/** What is wrong with an expression as a whole: told after its syntax, the first of each kind, in the order in which DynamoDB looks. */
export interface ParseFaults {
  parentheses?: string;
  unknownFunction?: string;
  misusedFunction?: string;
  section?: string;
  reserved?: string;
}

/** `a.b[3].#c` */
export function parsePath(tokens: Tokens, faults: ParseFaults): PathParts {
  const parts: (string | number)[] = [parseName(tokens, faults)];
  for (;;) {
    if (tokens.takes('.')) parts.push(parseName(tokens, faults));
    else if (tokens.isNext('[')) {
      tokens.take();
      if (tokens.next.kind !== 'number') throw tokens.unexpected();
      parts.push(Number(tokens.take().text));
      tokens.expect(']');
    } else return parts;
  }
}

function parseName(tokens: Tokens, faults: ParseFaults): string {
  const { kind, text } = tokens.next;
  if (kind !== 'word' && kind !== 'name') throw tokens.unexpected();
  if (kind === 'word' && isReserved(text)) {
    faults.reserved ??= `Attribute name is a reserved keyword; reserved keyword: ${text}`;
  }
  tokens.take();
  return text;
}

/** A path, a placeholder of a value, or a function's call. */
export function parseOperand(tokens: Tokens, faults: ParseFaults): Operand {
  const { kind, text } = tokens.next;
  if (kind === 'value') return { kind: 'value', placeholder: tokens.take().text };
  if (kind !== 'word' || tokens.afterNext.text !== '(') return { kind: 'path', parts: parsePath(tokens, faults) };
  tokens.take();
  tokens.expect('(');
  const args: Operand[] = [];
  do args.push(parseOperand(tokens, faults));
  while (tokens.takes(','));
  tokens.expect(')');
  return { kind: 'call', name: text, args };
}
