import type { Condition, Operand, PathParts } from './ast.js';

/** All paths that a condition names, in the order of its text. */
export function conditionPaths(condition: Condition): PathParts[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...conditionPaths(condition.left), ...conditionPaths(condition.right)];
    case 'not':
      return conditionPaths(condition.inner);
    case 'compare':
      return [condition.left, condition.right].flatMap(operandPaths);
    case 'between':
      return [condition.operand, condition.low, condition.high].flatMap(operandPaths);
    case 'in':
      return [condition.operand, ...condition.options].flatMap(operandPaths);
    case 'function':
      return condition.args.flatMap(operandPaths);
  }
}

function operandPaths(operand: Operand): PathParts[] {
  if (operand.kind === 'path') return [operand.parts];
  return operand.kind === 'call' ? operand.args.flatMap(operandPaths) : [];
}
