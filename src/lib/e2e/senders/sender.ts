import type { Clients } from '../../target/clients.js';

/** One event, ready to go. */
export interface OutgoingEvent {
  payload: unknown;
  partitionKey: string;
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
  send(event: OutgoingEvent, signal: AbortSignal): Promise<string | undefined>;
}

export interface SenderContext {
  clients: Clients;
  /** The value of a text that may be a reference. */
  resolve(text: string): Promise<string>;
}
