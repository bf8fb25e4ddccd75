import { isMap, type Value, type ValueMap } from '../template/value.js';
import { inherited, type ServerlessResource } from './serverless-resource.js';

interface Event {
  /** `FUNCTIONEVENT`, the logical id of what the event stands for. */
  id: string;
  properties: ValueMap;
  /** The function, or its alias. */
  target: Value;
  resource: ServerlessResource;
}

const EVENTS: ReadonlyMap<string, (event: Event) => ValueMap> = new Map([
  ['Kinesis', streamEvent],
  ['CloudWatchLogs', logsEvent],
]);

/** The mappings and subscription filters that a function's Events stand for. */
export function expandEvents(resource: ServerlessResource, target: Value): ValueMap {
  const { logicalId, properties, fail } = resource;
  const { Events: events = {} } = properties;
  if (!isMap(events)) return fail("'Events' must be a map");
  const made: ValueMap = {};
  for (const [name, event] of Object.entries(events)) {
    const type = isMap(event) ? event.Type : undefined;
    const expand = typeof type === 'string' ? EVENTS.get(type) : undefined;
    if (!isMap(event) || !expand) {
      return fail(
        `Event with id [${name}] is invalid. Type ${typeof type === 'string' ? type : JSON.stringify(type)} is not supported by this endpoint, which has ${[...EVENTS.keys()].join(' and ')}`,
      );
    }
    const { Properties: given = {} } = event;
    if (!isMap(given)) return fail(`Event with id [${name}] is invalid. 'Properties' must be a map`);
    Object.assign(made, expand({ id: `${logicalId}${name}`, properties: given, target, resource }));
  }
  return made;
}

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-kinesis.html */
function streamEvent({ id, properties, target, resource }: Event): ValueMap {
  const { Stream: stream, ...rest } = properties;
  if (stream === undefined) resource.fail(`Event with id [${id}] is invalid. Missing required property 'Stream'.`);
  return {
    [id]: {
      ...inherited(resource),
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { ...rest, EventSourceArn: stream ?? null, FunctionName: target },
    },
  };
}

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cloudwatchlogs.html */
function logsEvent({ id, properties, target, resource }: Event): ValueMap {
  const { LogGroupName: group, FilterPattern: pattern } = properties;
  if (group === undefined || pattern === undefined)
    resource.fail(`Event with id [${id}] is invalid. It needs a LogGroupName and a FilterPattern.`);
  const source = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${group}:*`;
  const isFunction = isMap(target) && target.Ref === resource.logicalId;
  return {
    [`${id}Permission`]: {
      ...inherited(resource),
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: target,
        Principal: 'logs.amazonaws.com',
        SourceArn: { 'Fn::Sub': [source, { group: group ?? null }] },
      },
    },
    [id]: {
      ...inherited(resource),
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: [`${id}Permission`],
      Properties: {
        LogGroupName: group ?? null,
        FilterPattern: pattern ?? null,
        DestinationArn: isFunction ? { 'Fn::GetAtt': [resource.logicalId, 'Arn'] } : target,
      },
    },
  };
}
