import type { PatternScanner } from './pattern-scanner.js';

type Step = { key: string } | { index: number } | { any: 'member' | 'item' };

/** A path into a JSON document, such as `$.users[0].email`, `$.items[*].id`, `$.*` or `$.['cluster.name']`. */
export interface Selector {
  readonly text: string;
  readonly steps: readonly Step[];
  /** Has a `*`, and so may select several values. */
  readonly wild: boolean;
}

const NAME = /[\p{L}\p{N}_-]+/uy;
const INDEX = /\d+/y;

/** Consumes a selector. */
export function takeSelector(scanner: PatternScanner): Selector {
  const from = scanner.position;
  if (!scanner.take('$')) throw scanner.unexpected('A condition begins with a property selector such as $.name.');
  const steps: Step[] = [];
  for (;;) {
    if (scanner.startsWith('.[') || scanner.startsWith('[')) {
      scanner.take('.');
      steps.push(takeBracketed(scanner));
    } else if (scanner.take('.*')) {
      steps.push({ any: 'member' });
    } else if (scanner.take('.')) {
      const key = scanner.takeMatch(NAME);
      if (key === '') throw scanner.unexpected("Names with other characters are written $.['the name'].");
      steps.push({ key });
    } else {
      break;
    }
  }
  if (steps.length === 0) throw scanner.unexpected('A property selector is written $.name.');
  const wildcards = steps.filter((step) => 'any' in step).length;
  if (wildcards > 1) throw scanner.error('a selector may hold one wildcard', { at: from });
  return { text: scanner.pattern.slice(from, scanner.position), steps, wild: wildcards > 0 };
}

function takeBracketed(scanner: PatternScanner): Step {
  scanner.take('[');
  let step: Step;
  if (scanner.take('*')) step = { any: 'item' };
  else if (scanner.peek() === "'" || scanner.peek() === '"') step = { key: scanner.takeQuoted() };
  else {
    const index = scanner.takeMatch(INDEX);
    if (index === '') throw scanner.unexpected("In brackets stands a number, * or a 'name'.");
    step = { index: Number(index) };
  }
  if (!scanner.take(']')) throw scanner.unexpected('The [ is never closed.');
  return step;
}

/** The values a selector points to, in order; none where the path leads nowhere. */
export function readSelector(selector: Selector, json: unknown): readonly unknown[] {
  let values: unknown[] = [json];
  for (const step of selector.steps) {
    const next: unknown[] = [];
    for (const value of values) follow(step, value, next);
    if (next.length === 0) return next;
    values = next;
  }
  return values;
}

function follow(step: Step, value: unknown, into: unknown[]): void {
  if (typeof value !== 'object' || value === null) return;
  if ('key' in step) {
    if (!Array.isArray(value) && Object.hasOwn(value, step.key)) {
      into.push((value as Record<string, unknown>)[step.key]);
    }
  } else if ('index' in step) {
    if (Array.isArray(value) && step.index < value.length) into.push(value[step.index]);
  } else if (Array.isArray(value) === (step.any === 'item')) {
    for (const item of Object.values(value)) into.push(item);
  }
}
