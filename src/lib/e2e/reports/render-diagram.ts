import type { ChalkInstance } from 'chalk';

/** How far events have come: what was sent, and what each hop has. */
export interface Stage {
  name: string;
  count: number;
  /** Events that arose as lost here; known only at the end. */
  lost?: number;
}

/** `sent 20 ──▶ logged 20 ──▶ filtered 17 ──▶ loaded 17`; a hop that lost something is red, with how many at its arrow. */
export function renderDiagram(stages: readonly Stage[], wanted: number, style: ChalkInstance): string {
  return stages
    .map(({ name, count, lost = 0 }, index) => {
      const arrow = index === 0 ? '' : lost > 0 ? style.red(` ──✗ ${lost} lost ──▶ `) : style.dim(' ──▶ ');
      const text = `${name} ${count}`;
      if (lost > 0) return `${arrow}${style.red.bold(text)}`;
      return `${arrow}${count >= wanted ? style.green(text) : text}`;
    })
    .join('');
}
