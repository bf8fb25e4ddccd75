import { isMap, type Value, type ValueMap } from '../template/value.js';

/** One `AWS::Serverless::…` resource of a template. */
export interface ServerlessResource {
  logicalId: string;
  /** As it stands in the template. */
  declared: ValueMap;
  /** With what `Globals` say. */
  properties: ValueMap;
  /** @throws AwsError with the resource's name in front */
  fail(why: string): never;
}

/** Members of a resource beside its properties that everything it stands for inherits. */
export function inherited({ declared }: ServerlessResource): ValueMap {
  const { Condition: condition } = declared;
  return condition === undefined ? {} : { Condition: condition };
}

/** @throws AwsError for a property that the type has not */
export function refuseStrangers({ properties, declared, fail }: ServerlessResource, known: ReadonlySet<string>): void {
  const stranger = Object.keys(properties).find((name) => !known.has(name));
  if (stranger !== undefined) fail(`property ${stranger} not defined for resource of type ${String(declared.Type)}`);
}

/** `s3://bucket/key?versionId=v`, or `{ Bucket, Key, Version }`, as Lambda takes it. */
export function s3Location(value: Value | undefined, property: string, { fail }: ServerlessResource): ValueMap {
  if (isMap(value) && value.Bucket !== undefined && value.Key !== undefined) {
    const { Bucket, Key, Version } = value;
    return { S3Bucket: Bucket, S3Key: Key, ...(Version !== undefined && { S3ObjectVersion: Version }) };
  }
  const [, bucket, key, version] =
    (typeof value === 'string' ? /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(value) : undefined) ?? [];
  if (bucket === undefined || key === undefined) {
    return fail(
      `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter. \`pipectl deploy\` and \`aws cloudformation package\` upload a local folder.`,
    );
  }
  return { S3Bucket: bucket, S3Key: key, ...(version !== undefined && { S3ObjectVersion: version }) };
}

/** SAM has tags as a map, resources as a list. */
export const tagList = (tags: ValueMap): ValueMap[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
