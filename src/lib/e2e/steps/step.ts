import type { Clock } from '../../shared/clock.js';
import type { Clients } from '../../target/clients.js';
import type { CheckEvent } from '../check-event.js';
import type { Kind } from '../check-file/kind.js';
import type { Phases } from '../phases.js';

export interface StackSpec {
  kind: 'stack';
  stack: string;
  template: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
}

export interface StepContext {
  clients: Clients;
  clock: Clock;
  signal: AbortSignal;
  phases: Phases;
  /** The value of a text that may be a reference. */
  resolve(text: string): Promise<string>;
  /** Deploys a stack of this session, which is undone at its end. */
  deployStack(spec: StackSpec): Promise<void>;
  onEvent(event: CheckEvent): void;
}

/** A kind of step that stands a pipeline up. One file each; the list is in steps.ts. */
export interface StepKind<Spec extends { kind: string }> extends Kind<Spec, string> {
  run(spec: Spec, context: StepContext): Promise<void>;
}
