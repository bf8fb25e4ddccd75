import type { FailMode } from '../../project/fail-mode.js';
import type { RecorderAddress } from '../../project/recorder-address.js';
import type { Clock } from '../../shared/clock.js';
import type { Target } from '../../target/target.js';
import type { Kind } from '../check-file/kind.js';

/** What pipectl runs for a check, and a pipeline writes to. Each kind knows more of its own. */
export interface RunningRecorder {
  readonly kind: string;
  readonly name: string;
  /** What the pipeline is told: `recorder:NAME`. */
  readonly url: string;
}

/** What a recorder is planned with: what the command line says of it, and where it is needed. */
export interface RecorderWish {
  name: string;
  address: RecorderAddress | undefined;
  /** Instead of what the check says. */
  fail: readonly FailMode[] | undefined;
  /** The folder of the check file. */
  folder: string;
  target: Target;
  /** The value of a text that may be a reference. */
  resolve(text: string): Promise<string>;
}

/** A recorder to start; nothing in its spec is a reference any more. */
export interface RecorderPlan<Spec> {
  name: string;
  spec: Spec;
  /** Where the pipeline finds this machine; 127.0.0.1 if left out. */
  address?: RecorderAddress | undefined;
}

export interface RecordersStart {
  clock: Clock;
  signal: AbortSignal;
  onWaiting(text: string): void;
}

export interface StartedRecorders<Running extends RunningRecorder = RunningRecorder> {
  readonly byName: ReadonlyMap<string, Running>;
  /** Where each is found, as `--recorder-host` takes it. */
  readonly addresses: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** A kind of recorder: how a check file names it, and how it runs. One file each; the list is in recorders.ts. */
export interface RecorderKind<Spec extends { kind: string }, Running extends RunningRecorder, Value = string>
  extends Kind<Spec, Value> {
  /** @throws UsageError if the target cannot reach it, or a wish does not apply to it */
  plan(spec: Spec, wish: RecorderWish): Promise<RecorderPlan<Spec>>;
  /** Starts all recorders of this kind. @throws OperationError if one of them cannot start; none of them runs then */
  start(plans: readonly RecorderPlan<Spec>[], start: RecordersStart): Promise<StartedRecorders<Running>>;
}
