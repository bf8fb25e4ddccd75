import { PipectlError } from '../shared/errors.js';
import type { DeployEvent } from '../stack/deploy-request.js';
import type { PhaseEvent } from './phases.js';

/** What happens while a check runs, for whoever watches. */
export type CheckEvent =
  | PhaseEvent
  | { kind: 'deploy'; stack: string; event: DeployEvent }
  /** How far the events are: sent so far, and seen at each hop so far. */
  | {
      kind: 'counts';
      wanted: number;
      sent: number;
      hops: readonly { name: string; after: string | undefined; arrived: number }[];
    }
  | { kind: 'note'; text: string }
  /** What a person must know at the very end, below the report. */
  | { kind: 'afterword'; text: string }
  | { kind: 'warning'; text: string };

/** What went wrong besides what is already told of. */
export const warningOf = (error: Error): CheckEvent => ({
  kind: 'warning',
  text: error instanceof PipectlError && error.hint !== undefined ? `${error.message}\n  ${error.hint}` : error.message,
});
