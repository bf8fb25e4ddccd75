import type { Clients } from '../../target/clients.js';
import type { Kind } from '../check-file/kind.js';

/** One event, ready to go. */
export interface OutgoingEvent {
  payload: unknown;
  /** A text of the check file with this event's marker, number, key and time in it. */
  fill(text: string): string;
}

/** How marked events enter a pipeline. */
export interface Sender {
  /** `invoke orders-logger`, for people. */
  readonly via: string;
  /**
   * Sends one event and waits until the other side has it.
   * @returns a complaint when the other side took the event and then failed, which may or may not lose it
   * @throws when the event was not taken
   */
  send(event: OutgoingEvent): Promise<string | undefined>;
}

export interface SenderContext {
  clients: Clients;
  /** The value of a text that may be a reference. */
  resolve(text: string): Promise<string>;
  /** Ends what is under way. */
  signal: AbortSignal;
}

/** A kind of sender, whole: how a check file names it, and how it sends. One file each; the list is in senders.ts. */
export interface SenderKind<Spec extends { kind: string }, Value = string> extends Kind<Spec, Value> {
  open(spec: Spec, context: SenderContext): Promise<Sender>;
  /** `invoke export:orders-logger`, as the check file has it. */
  describe(spec: Spec): string;
  /** What it sends to is no part of the target. */
  readonly outside?: true;
}
