import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import { joinLines } from './join-lines.js';

/** How far events have come: what was sent, and what each hop has. */
export interface Stage {
  name: string;
  count: number;
  /** Events that arose as lost here; known only at the end. */
  lost?: number;
}

/**
 * `sent 20 ──▶ logged 20 ──▶ filtered 17 ──▶ loaded 17`; a hop that lost something is red, with how many at its arrow.
 * @param width where it goes on in a new line, between two hops
 */
export function renderDiagram(
  stages: readonly Stage[],
  wanted: number,
  style: ChalkInstance,
  width = Number.POSITIVE_INFINITY,
): string {
  const parts = stages.map(({ name, count, lost = 0 }, index) => {
    const arrow = index === 0 ? '' : lost > 0 ? style.red(` ──✗ ${lost} lost ──▶ `) : style.dim(' ──▶ ');
    const text = `${name} ${count}`;
    if (lost > 0) return `${arrow}${style.red.bold(text)}`;
    return `${arrow}${count >= wanted ? style.green(text) : text}`;
  });
  // All of it is single-width but for names, which the check file allows only ASCII.
  return joinLines(parts, { width, indent: '    ', widthOf: (part) => stripVTControlCharacters(part).length });
}
