import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import { joinLines } from './join-lines.js';

const INDENT = '    ';

/** How far events have come: what was sent, and what each hop has. */
export interface Stage {
  name: string;
  /** The stage before; left out, it is the one above in the list. */
  after?: string | undefined;
  count: number;
  /** Events that arose as lost here; known only at the end. */
  lost?: number;
}

/**
 * `sent 20 ──▶ logged 20 ──▶ filtered 17 ──▶ loaded 17`; a hop that lost something is red, with how many at its arrow.
 * A branch begins again behind the hop that it comes from, in a line of its own: `logged ──▶ archived 20`.
 * @param width where it goes on in a new line, between two hops
 */
export function renderDiagram(
  stages: readonly Stage[],
  wanted: number,
  style: ChalkInstance,
  width = Number.POSITIVE_INFINITY,
): string {
  const branches: string[][] = [];
  for (const [index, { name, after, count, lost = 0 }] of stages.entries()) {
    const arrow = index === 0 ? '' : lost > 0 ? style.red(` ──✗ ${lost} lost ──▶ `) : style.dim(' ──▶ ');
    const text = `${name} ${count}`;
    const part = `${arrow}${lost > 0 ? style.red.bold(text) : count >= wanted ? style.green(text) : text}`;
    const goesOn = after === undefined || after === stages[index - 1]?.name;
    if (index === 0) branches.push([part]);
    else if (goesOn) branches.at(-1)?.push(part);
    else branches.push([`${INDENT}${style.dim(after)}`, part]);
  }
  // All of it is single-width but for names, which the check file allows only ASCII.
  const widthOf = (part: string): number => stripVTControlCharacters(part).length;
  return branches.map((parts) => joinLines(parts, { width, indent: INDENT, widthOf })).join('\n');
}
