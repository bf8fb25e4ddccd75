import type { Answer } from '../batching/read-answer.js';

/** The function could not be called, so the batch counts no try. `message` is what to say of it. */
export class NotCalled extends Error {}

/** What batches are handed to: a handler in processes of this machine, or a deployed function. */
export interface Invoker {
  readonly functionArn: string;
  /** The role in the events; empty if there is none. */
  readonly roleArn: string;
  /**
   * @param payload the event, JSON
   * @throws NotCalled
   */
  invoke(payload: Buffer, requestId: string): Promise<Answer>;
  /** Ends its processes; those that work end after their invocation. */
  restart(): void;
  close(): Promise<void>;
}
