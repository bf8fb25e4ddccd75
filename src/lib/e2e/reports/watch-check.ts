import type { ChalkInstance } from 'chalk';
import type { CheckEvent } from '../check-event.js';
import { phaseWords } from './phase-words.js';
import { renderDiagram } from './render-diagram.js';

/** Without a terminal a line says what is waited for once it has taken this long. */
const SAY_WAITING_MS = 1000;

/** What a person watches; the part of the terminal that a check needs. */
export interface Watched {
  readonly isTTY: boolean;
  readonly style: ChalkInstance;
  start(text: string): void;
  update(text: string, everyMs?: number): void;
  succeed(text?: string): void;
  fail(text?: string): void;
  note(text: string): void;
  warn(text: string): void;
  detail(text: string): void;
}

/** Shows a check as it runs: a line a phase, the stack's events with --verbose, and the diagram live while events are under way. */
export function watchCheck(watched: Watched): (event: CheckEvent) => void {
  let text = '';
  return (event) => {
    switch (event.kind) {
      case 'phase':
        text = phaseWords(event.name);
        watched.start(text);
        return;
      case 'phase-waiting':
        text = phaseWords(event.name, { waitingFor: event.for });
        watched.update(text, SAY_WAITING_MS);
        return;
      case 'phase-ended':
        // Without the counts that were live under it: they are not the last ones.
        if (event.ok) watched.succeed(phaseWords(event.name, 'done'));
        else watched.fail(`${phaseWords(event.name)}${event.why === undefined ? '' : `: ${event.why}`}`);
        return;
      case 'counts': {
        if (!watched.isTTY) return;
        const stages = [
          { name: 'sent', count: event.sent },
          ...event.hops.map(({ name, after = 'sent', arrived }) => ({ name, after, count: arrived })),
        ];
        watched.update(`${text}  ${renderDiagram(stages, event.wanted, watched.style)}`);
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
      case 'afterword':
        watched.note(event.text);
        return;
      case 'warning':
        watched.warn(event.text);
    }
  };
}
