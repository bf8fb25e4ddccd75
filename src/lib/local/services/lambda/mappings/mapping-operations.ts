import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { newTags } from '../../../kit/tags.js';
import type { EventSource, QueueSource, ShardSource } from '../../../ports.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { backgroundContext } from '../background-context.js';
import { checkDestination, ON_MAPPING_FAILURE } from '../destinations.js';
import { functionArn } from '../function-name.js';
import { textMap } from '../function-settings.js';
import { conflict, invalidParameter, notFound, omitted } from '../lambda-error.js';
import type { LambdaService } from '../lambda-service.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import { paginate } from '../paginate.js';
import { TAG_RULES } from '../tag-rules.js';
import { EventSourceMapping } from './event-source-mapping.js';
import type { Mapping, MappingFunction } from './mapping.js';
import {
  applyMappingSettings,
  DEFAULTS,
  MAPPING_CONSTRAINTS,
  type MappingSettings,
  QUEUE_DEFAULTS,
} from './mapping-settings.js';
import { QueueMapping } from './queue-mapping.js';
import type { StartingPoint } from './shard-poller.js';

/** Services whose resources can be event sources here. */
const SOURCES = ['kinesis', 'sqs', 'dynamodb'];

export const createEventSourceMapping = defineOperation('lambda', 'CreateEventSourceMapping').as({
  constraints: MAPPING_CONSTRAINTS,
  async run(service: LambdaService, input, context) {
    const eventSourceArn = input.EventSourceArn;
    if (eventSourceArn === undefined) throw omitted('event sources without an ARN (self-managed Kafka)');
    const port = await service.environment.ports.eventSource(eventSourceArn);
    if (!port) throw noSource(eventSourceArn);
    await checkDestination(service.environment, input.DestinationConfig?.OnFailure?.Destination, ON_MAPPING_FAILURE);
    const { StartingPosition: position } = input;
    if (position !== undefined && port.positions && !port.positions.includes(position)) {
      throw invalidParameter(`Unsupported starting position ${position} for event source ${port.title}.`);
    }
    const target = resolveTarget(service, input.FunctionName, context);
    const mappings = service.mappings.in(context.region);
    for (const other of mappings.values()) {
      if (other.eventSourceArn !== eventSourceArn || other.functionArn !== target.functionArn) continue;
      throw conflict(
        `The event source arn (" ${eventSourceArn} ") and function (" ${target.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
      );
    }
    const opened = await open(port, eventSourceArn, context);
    const settings = applyMappingSettings(opened.kind === 'queue' ? QUEUE_DEFAULTS : DEFAULTS, input, port);
    const uuid = randomUUID();
    const place = { uuid, ...target, eventSourceArn, context: backgroundContext(context) };
    const life = { enabled: input.Enabled ?? true, tags: newTags(textMap(input.Tags), TAG_RULES) };
    const { clock } = service.environment;
    const mapping =
      opened.kind === 'queue'
        ? new QueueMapping(
            { store: service, runner: service.runner },
            { ...place, source: checkedQueue(service, opened, settings, target, context) },
            settings,
            life,
          )
        : new EventSourceMapping(
            service,
            service.runner,
            {
              ...place,
              source: opened,
              start: startingPoint(input.StartingPosition, input.StartingPositionTimestamp, clock.now()),
            },
            settings,
            life.enabled,
            life.tags,
          );
    mappings.set(uuid, mapping);
    return mapping.describe();
  },
});

export const getEventSourceMapping = defineOperation('lambda', 'GetEventSourceMapping').as({
  run(service: LambdaService, input, context) {
    return find(service, input.UUID, context).describe();
  },
});

export const listEventSourceMappings = defineOperation('lambda', 'ListEventSourceMappings').as({
  run(service: LambdaService, input, context) {
    const arn =
      input.FunctionName === undefined ? undefined : resolveTarget(service, input.FunctionName, context).functionArn;
    const all = [...service.mappings.in(context.region).values()].filter(
      (mapping) =>
        (arn === undefined || mapping.functionArn === arn) &&
        (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn),
    );
    const { page, ...next } = paginate(all, input, {
      of: 'ListEventSourceMappings',
      keyOf: ({ uuid }) => uuid,
      most: 100,
    });
    return { EventSourceMappings: page.map((mapping) => mapping.describe()), ...next };
  },
});

export const updateEventSourceMapping = defineOperation('lambda', 'UpdateEventSourceMapping').as({
  constraints: MAPPING_CONSTRAINTS,
  async run(service: LambdaService, input, context) {
    await checkDestination(service.environment, input.DestinationConfig?.OnFailure?.Destination, ON_MAPPING_FAILURE);
    const mapping = find(service, input.UUID, context);
    const port = await service.environment.ports.eventSource(mapping.eventSourceArn);
    const settings = applyMappingSettings(mapping.settings, input, port ?? {});
    const target = input.FunctionName === undefined ? undefined : resolveTarget(service, input.FunctionName, context);
    mapping.update({ settings, enabled: input.Enabled, ...(target && { target }) });
    return mapping.describe();
  },
});

export const deleteEventSourceMapping = defineOperation('lambda', 'DeleteEventSourceMapping').as({
  run(service: LambdaService, input, context) {
    const mapping = find(service, input.UUID, context);
    service.mappings.in(context.region).delete(input.UUID);
    return mapping.delete();
  },
});

function find({ mappings }: LambdaService, uuid: string, context: OperationContext): Mapping {
  const mapping = mappings.in(context.region).get(uuid);
  if (!mapping) throw notFound('The resource you requested does not exist.');
  return mapping;
}

function resolveTarget(store: LambdaStore, name: string, context: OperationContext) {
  const { found, qualifier } = resolveFunction(store, name, undefined, context);
  return { functionName: found.name, qualifier, functionArn: functionArn(context, found.name, qualifier) };
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

/** @throws AwsError for a source that is not there */
async function open(port: EventSource, arn: string, context: OperationContext): Promise<ShardSource | QueueSource> {
  return port.open(arn, context.region).catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    throw invalidParameter(`Stream not found: ${arn}`);
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function checkedQueue(
  store: LambdaStore,
  queue: QueueSource,
  { batchSize, windowSeconds }: MappingSettings,
  target: MappingFunction,
  context: OperationContext,
): QueueSource {
  const { version } = resolveFunction(store, target.functionName, target.qualifier, context);
  if (queue.visibilitySeconds() < version.timeoutSeconds) {
    throw invalidParameter(
      `Queue visibility timeout: ${queue.visibilitySeconds()} seconds is less than Function timeout: ${version.timeoutSeconds} seconds`,
    );
  }
  if (queue.isFifo && windowSeconds > 0) {
    throw invalidParameter('Batching window is not supported for FIFO queues.');
  }
  if (queue.isFifo && batchSize > 10) throw invalidParameter('Maximum batch size for FIFO queues is 10.');
  if (batchSize > 10 && windowSeconds < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  return queue;
}

function noSource(arn: string): AwsError {
  const { service } = parseArn(arn) ?? {};
  if (service === undefined || SOURCES.includes(service)) {
    return invalidParameter(`Unrecognized event source ARN: ${arn}.`);
  }
  return omitted(`event source mappings for ${service}; it has them for ${SOURCES.join(', ')}`);
}
