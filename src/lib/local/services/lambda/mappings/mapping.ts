import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { ShardSource } from '../../../ports.js';
import type { Answer, OperationContext } from '../../../wire/handlers.js';
import type { MappingSettings } from './mapping-settings.js';
import type { StartingPoint } from './shard-poller.js';

/** The function that a mapping invokes. */
export interface MappingFunction {
  functionName: string;
  qualifier: string | undefined;
  /** With its qualifier. */
  functionArn: string;
}

export interface MappingChange {
  settings: MappingSettings;
  enabled: boolean | undefined;
  target?: MappingFunction;
}

/** What the operations on event source mappings need of one, whatever it reads. */
export interface Mapping extends MappingFunction {
  readonly uuid: string;
  readonly eventSourceArn: string;
  readonly settings: MappingSettings;
  readonly tags: Map<string, string>;
  /** As AWS shows it, with the state it has at this moment. */
  describe(): Answer<EventSourceMappingConfiguration>;
  /** Takes new settings, a new function, or another wish to run; carried out at once, but between batches. */
  update(change: MappingChange): void;
  /** Stops for good. What is with the function at this moment is not waited for. */
  delete(): Answer<EventSourceMappingConfiguration>;
  close(): void;
}

/** What a mapping connects. */
export interface MappingTarget extends MappingFunction {
  uuid: string;
  /** The stream, or a consumer of it. */
  eventSourceArn: string;
  source: ShardSource;
  start: StartingPoint;
  context: OperationContext;
}
