import type { ChalkInstance } from 'chalk';
import type { CheckEvent } from '../check-event.js';
import { renderDiagram } from './render-diagram.js';

/** What a person watches; the part of the terminal that a check needs. */
export interface Watched {
  readonly isTTY: boolean;
  readonly style: ChalkInstance;
  start(text: string): void;
  update(text: string): void;
  succeed(text?: string): void;
  fail(text?: string): void;
  note(text: string): void;
  warn(text: string): void;
  detail(text: string): void;
}

/** Shows a check as it runs: a line a phase, the stack's events with --verbose, and the diagram live while events are under way. */
export function watchCheck(watched: Watched): (event: CheckEvent) => void {
  let phase = '';
  return (event) => {
    switch (event.kind) {
      case 'phase':
        phase = event.name;
        watched.start(phase);
        return;
      case 'phase-ended':
        // By its name alone: the counts that were live under it are not the last ones.
        if (event.ok) watched.succeed(phase);
        else watched.fail(phase);
        return;
      case 'counts': {
        if (!watched.isTTY) return;
        const stages = [
          { name: 'sent', count: event.sent },
          ...event.hops.map(({ name, arrived }) => ({ name, count: arrived })),
        ];
        watched.update(`${phase}  ${renderDiagram(stages, event.wanted, watched.style)}`);
        return;
      }
      case 'deploy': {
        const { event: step } = event;
        if (step.kind === 'resource')
          watched.detail(
            `  ${step.event.status} ${step.event.type} ${step.event.logicalId}${step.event.reason ? `: ${step.event.reason}` : ''}`,
          );
        else if (step.kind === 'note') watched.note(step.text);
        return;
      }
      case 'note':
        watched.note(event.text);
        return;
      case 'warning':
        watched.warn(event.text);
    }
  };
}
