import type { Clock } from '../shared/clock.js';
import type { Clients } from '../target/clients.js';
import type { CheckEvent } from './check-event.js';
import type { Check, CheckFile } from './check-file/check.js';
import type { RecorderWishes } from './recorder/plan-recorders.js';
import type { LatencyFile } from './reports/latency-file.js';

export interface SessionOptions {
  file: CheckFile;
  check: Check;
  clients: Clients;
  clock: Clock;
  environment: NodeJS.ProcessEnv;
  /** False uses what stands. */
  deploy: boolean;
  /** Leave everything standing. */
  keep: boolean;
  /** Stacks that no check made may be updated for this session; they are restored at its end. */
  updateExisting?: boolean;
  /** Asks a person; undefined where nobody can be asked. */
  confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** The words after `pipectl e2e` that choose this check again. */
  again?: readonly string[];
  /** Nothing of the target outlives this session, so nothing needs to be taken down. */
  disposable: boolean;
  /** What the command line says of recorders. */
  recorderWishes: RecorderWishes;
  /** Where each event's times go; nowhere when left out. */
  latencies?: LatencyFile | undefined;
  signal: AbortSignal;
  onEvent(event: CheckEvent): void;
}
