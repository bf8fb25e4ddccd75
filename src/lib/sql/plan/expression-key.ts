import type { Expression } from '../parse/expression-syntax.js';
import type { Scope } from './scope.js';

/** A text that is the same for two expressions that mean the same: positions left out, columns by their place. */
export function expressionKey(expression: Expression, scope: Scope): string {
  return JSON.stringify(expression, (name, part: unknown) => {
    if (name === 'at') return undefined;
    if (typeof part === 'bigint') return `${part}n`;
    if (isColumn(part)) return `#${scope.find(part).index}`;
    return part;
  });
}

function isColumn(part: unknown): part is Extract<Expression, { kind: 'column' }> {
  return typeof part === 'object' && part !== null && 'kind' in part && part.kind === 'column' && 'qualifier' in part;
}
