import { randomUUID } from 'node:crypto';
import { parseArn } from '../../../kit/arn.js';
import type { EventSource, ShardSource } from '../../../ports.js';
import { perRegion } from '../../../service.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Handlers, OperationContext } from '../../../wire/handlers.js';
import { backgroundContext } from '../background-context.js';
import { checkDestination, ON_MAPPING_FAILURE } from '../destinations.js';
import { functionArn } from '../function-name.js';
import type { FunctionRunner } from '../function-runner.js';
import { textMap } from '../function-settings.js';
import { conflict, invalidParameter, notFound, omitted } from '../lambda-error.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import { paginate } from '../paginate.js';
import { EventSourceMapping } from './event-source-mapping.js';
import { applyMappingSettings, DEFAULTS } from './mapping-settings.js';
import type { StartingPoint } from './shard-poller.js';

/** Services whose resources can be event sources here. */
const SOURCES = ['kinesis'];

/** The operations on event source mappings, and the end of all of them. */
export function createMappings(
  store: LambdaStore,
  runner: FunctionRunner,
): {
  handlers: Pick<
    Handlers<'lambda'>,
    | 'CreateEventSourceMapping'
    | 'GetEventSourceMapping'
    | 'ListEventSourceMappings'
    | 'UpdateEventSourceMapping'
    | 'DeleteEventSourceMapping'
  >;
  tagsOf(uuid: string, context: OperationContext): Map<string, string> | undefined;
  close(): void;
} {
  const regions = perRegion(() => new Map<string, EventSourceMapping>());

  const find = (uuid: string, context: OperationContext): EventSourceMapping => {
    const mapping = regions.in(context.region).get(uuid);
    if (!mapping) throw notFound('The resource you requested does not exist.');
    return mapping;
  };

  const resolveTarget = (name: string, context: OperationContext) => {
    const { found, qualifier } = resolveFunction(store, name, undefined, context);
    return {
      functionName: found.name,
      qualifier,
      functionArn: functionArn(context.region, context.accountId, found.name, qualifier),
    };
  };

  return {
    handlers: {
      async CreateEventSourceMapping(input, context) {
        const eventSourceArn = input.EventSourceArn;
        if (eventSourceArn === undefined) throw omitted('event sources without an ARN (self-managed Kafka)');
        const port = await store.environment.ports.eventSource(eventSourceArn);
        if (!port) throw noSource(eventSourceArn);
        await checkDestination(store.environment, input.DestinationConfig?.OnFailure?.Destination, ON_MAPPING_FAILURE);
        const settings = applyMappingSettings(DEFAULTS, input, port);
        const start = startingPoint(
          input.StartingPosition,
          input.StartingPositionTimestamp,
          store.environment.clock.now(),
        );
        const target = resolveTarget(input.FunctionName, context);
        const mappings = regions.in(context.region);
        for (const other of mappings.values()) {
          if (other.eventSourceArn !== eventSourceArn || other.functionArn !== target.functionArn) continue;
          throw conflict(
            `The event source arn (" ${eventSourceArn} ") and function (" ${target.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
          );
        }
        const source = await open(port, eventSourceArn, context);
        const uuid = randomUUID();
        const mapping = new EventSourceMapping(
          store,
          runner,
          { uuid, ...target, eventSourceArn, source, start, context: backgroundContext(context) },
          settings,
          input.Enabled ?? true,
          new Map(Object.entries(textMap(input.Tags))),
        );
        mappings.set(uuid, mapping);
        return mapping.describe();
      },

      GetEventSourceMapping: (input, context) => find(input.UUID, context).describe(),

      ListEventSourceMappings(input, context) {
        const arn =
          input.FunctionName === undefined ? undefined : resolveTarget(input.FunctionName, context).functionArn;
        const all = [...regions.in(context.region).values()].filter(
          (mapping) =>
            (arn === undefined || mapping.functionArn === arn) &&
            (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn),
        );
        const { page, ...next } = paginate(all, input.Marker, input.MaxItems, 100);
        return { EventSourceMappings: page.map((mapping) => mapping.describe()), ...next };
      },

      async UpdateEventSourceMapping(input, context) {
        await checkDestination(store.environment, input.DestinationConfig?.OnFailure?.Destination, ON_MAPPING_FAILURE);
        const mapping = find(input.UUID, context);
        const port = await store.environment.ports.eventSource(mapping.eventSourceArn);
        const settings = applyMappingSettings(mapping.settings, input, port ?? {});
        const target = input.FunctionName === undefined ? undefined : resolveTarget(input.FunctionName, context);
        mapping.update({ settings, enabled: input.Enabled, ...(target && { target }) });
        return mapping.describe();
      },

      DeleteEventSourceMapping(input, context) {
        const mapping = find(input.UUID, context);
        regions.in(context.region).delete(input.UUID);
        return mapping.delete();
      },
    },
    tagsOf: (uuid, context) => regions.in(context.region).get(uuid)?.tags,
    close() {
      for (const mappings of regions.all()) for (const mapping of mappings.values()) mapping.close();
    },
  };
}

function startingPoint(type: string | undefined, timestamp: Date | undefined, nowMs: number): StartingPoint {
  if (type === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (type !== 'AT_TIMESTAMP') return { type: type as 'LATEST' | 'TRIM_HORIZON' };
  if (timestamp === undefined) {
    throw invalidParameter('StartingPositionTimestamp must be provided when StartingPosition is AT_TIMESTAMP.');
  }
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
  if (timestamp.getTime() > nowMs) throw invalidParameter('StartingPositionTimestamp cannot be in the future.');
  return { type, timestampMs: timestamp.getTime() };
}

/** @throws AwsError for a source that is not there, and for one without shards */
async function open(port: EventSource, arn: string, context: OperationContext): Promise<ShardSource> {
  const source = await port.open(arn, context.region).catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    throw invalidParameter(`Stream not found: ${arn}`);
  });
  if (source.kind === 'queue') throw omitted('event source mappings for queues');
  return source;
}

function noSource(arn: string): AwsError {
  const { service } = parseArn(arn) ?? {};
  if (service === undefined || SOURCES.includes(service)) {
    return invalidParameter(`Unrecognized event source ARN: ${arn}.`);
  }
  return omitted(`event source mappings for ${service}; it has them for ${SOURCES.join(', ')}`);
}
