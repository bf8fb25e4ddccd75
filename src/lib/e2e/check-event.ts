import type { DeployEvent } from '../stack/deploy-request.js';

/** What happens while a check runs, for whoever watches. */
export type CheckEvent =
  /** A phase begins: `deploy data-pipeline`, `warm up`, `send`. The one before has ended. */
  | { kind: 'phase'; name: string }
  | { kind: 'deploy'; stack: string; event: DeployEvent }
  /** How far the events are: sent so far, and seen at each hop so far. */
  | { kind: 'counts'; wanted: number; sent: number; hops: readonly { name: string; arrived: number }[] }
  | { kind: 'note'; text: string }
  | { kind: 'warning'; text: string };
