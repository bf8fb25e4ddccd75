import { setTimeout as sleep } from 'node:timers/promises';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../target/clients.js';
import type { ResourceEvent } from './deploy-request.js';
import { describeStack } from './describe-stack.js';

/** How often a stack is looked at: a local one is done in milliseconds, and AWS throttles those who ask too often. */
const POLL_MS = { local: 20, endpoint: 200, localstack: 200, aws: 2000 } as const;

export const pollMs = (clients: Clients): number => POLL_MS[clients.target.kind];

/** Follows the events of one stack from a moment on. */
export class StackFollower {
  readonly #clients: Clients;
  /** Id rather than name: a deleted stack is found by nothing else. */
  readonly #stackId: string;
  readonly #signal: AbortSignal | undefined;
  readonly #seen = new Set<string>();
  /** Every event since `start`, oldest first. */
  readonly events: ResourceEvent[] = [];

  private constructor(clients: Clients, stackId: string, signal: AbortSignal | undefined) {
    this.#clients = clients;
    this.#stackId = stackId;
    this.#signal = signal;
  }

  /** Remembers what has already happened, so that only what comes next is told. */
  static async start(clients: Clients, stackId: string, signal?: AbortSignal): Promise<StackFollower> {
    const follower = new StackFollower(clients, stackId, signal);
    await follower.#newEvents();
    return follower;
  }

  /** Every event there is of a stack, oldest first. */
  static eventsOf(clients: Clients, stackId: string, signal?: AbortSignal): Promise<ResourceEvent[]> {
    return new StackFollower(clients, stackId, signal).#newEvents();
  }

  /**
   * Tells each new event, oldest first, until the stack has settled.
   * @param isSettled given the stack's status; by default, nothing is in progress any more
   * @returns the status it settled in; DELETE_COMPLETE when it is gone
   */
  async untilSettled(
    onEvent: (event: ResourceEvent) => void,
    isSettled: (status: string) => boolean = (status) => !status.endsWith('_IN_PROGRESS'),
  ): Promise<{ status: string; reason: string | undefined }> {
    for (;;) {
      this.#signal?.throwIfAborted();
      // The status first: an event written between the two calls is then told, never missed.
      const stack = await describeStack(this.#clients, this.#stackId, this.#signal);
      const status = stack?.StackStatus ?? 'DELETE_COMPLETE';
      for (const event of await this.#newEvents()) {
        this.events.push(event);
        onEvent(event);
      }
      if (isSettled(status)) return { status, reason: stack?.StackStatusReason };
      await sleep(pollMs(this.#clients), undefined, { signal: this.#signal }).catch(() => {});
    }
  }

  /** Events not seen before, oldest first. CloudFormation gives the newest first, in pages: the first known one ends the search. */
  async #newEvents(): Promise<ResourceEvent[]> {
    const { DescribeStackEventsCommand } = await import('@aws-sdk/client-cloudformation');
    const client = await this.#clients.cloudformation();
    const found: ResourceEvent[] = [];
    let next: string | undefined;
    do {
      const page = await client.send(new DescribeStackEventsCommand({ StackName: this.#stackId, NextToken: next }), {
        abortSignal: this.#signal,
      });
      next = page.NextToken;
      for (const event of page.StackEvents ?? []) {
        const id = event.EventId ?? '';
        if (this.#seen.has(id)) {
          next = undefined;
          continue;
        }
        this.#seen.add(id);
        found.push(resourceEvent(event));
      }
    } while (next);
    return found.reverse();
  }
}

function resourceEvent(event: StackEvent): ResourceEvent {
  return {
    stackName: event.StackName ?? '',
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId || undefined,
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason,
    properties: event.ResourceProperties,
    at: event.Timestamp ?? new Date(0),
  };
}
