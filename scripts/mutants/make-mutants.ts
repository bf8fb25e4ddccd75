import { parseAst } from 'vitest/node';
import { EQUIVALENT } from './equivalent.js';

export interface Mutant {
  file: string;
  line: number;
  /** What was changed: `a < b -> a <= b`. */
  what: string;
  /** The whole file, changed. */
  source: string;
}

/** A node of the tree, whatever it is. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const OPERATORS: Record<string, string> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&': '|',
  '|': '&',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+=': '-=',
  '-=': '+=',
  '++': '--',
  '--': '++',
};

/** Every small fault that can be made in a source: operators, boundaries, conditions, numbers, statements that are left out. */
export function makeMutants(file: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  const change = (start: number, end: number, by: string, shown: Node): void => {
    const before = text.slice(shown.start, shown.end);
    const after = text.slice(shown.start, start) + by + text.slice(end, shown.end);
    const what = `${oneLine(before)} -> ${oneLine(after) || '(left out)'}`;
    const line = text.slice(0, start).split('\n').length;
    if (EQUIVALENT.some((known) => file.endsWith(known.file) && what.startsWith(known.what))) return;
    mutants.push({ file, line, what, source: text.slice(0, start) + by + text.slice(end) });
  };
  walk(parseAst(text, { lang: 'ts' }) as unknown as Node, (node) => {
    const [left, right] = [node.left, node.right] as (Node | undefined)[];
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression': {
        const operator = String(node.operator);
        const by = OPERATORS[operator];
        if (by === undefined || !left || !right) break;
        if (operator === '+' && [left, right].some(isText)) break;
        const at = text.indexOf(operator, left.end);
        change(at, at + operator.length, by, node);
        break;
      }
      case 'UpdateExpression': {
        const operator = String(node.operator);
        const at = node.prefix === true ? node.start : node.end - 2;
        change(at, at + 2, OPERATORS[operator] ?? '', node);
        break;
      }
      case 'IfStatement':
      case 'ConditionalExpression': {
        const test = node.test as Node;
        for (const by of ['true', 'false']) change(test.start, test.end, by, test);
        break;
      }
      case 'UnaryExpression':
        if (node.operator === '!') change(node.start, node.start + 1, '', node);
        break;
      case 'Literal':
        if (typeof node.value === 'number') change(node.start, node.end, String(node.value + 1), node);
        else if (typeof node.value === 'boolean') change(node.start, node.end, String(!node.value), node);
        break;
      case 'MemberExpression': {
        const shown = text.slice(node.start, node.end);
        if (shown === 'Math.min' || shown === 'Math.max')
          change(node.start, node.end, shown === 'Math.min' ? 'Math.max' : 'Math.min', node);
        break;
      }
      case 'ExpressionStatement':
        if ((node.expression as Node).type !== 'Literal' && !text.slice(node.start).startsWith('super'))
          change(node.start, node.end, ';', node);
        break;
      case 'ThrowStatement':
      case 'ContinueStatement':
      case 'BreakStatement':
        change(node.start, node.end, ';', node);
        break;
    }
  });
  return mutants;
}

function walk(node: Node, see: (node: Node) => void): void {
  if (node.type.startsWith('TS') && node.type !== 'TSNonNullExpression' && node.type !== 'TSAsExpression') return;
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'typeAnnotation' || key === 'typeArguments') continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string')
        walk(child as Node, see);
  }
}

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 160);
