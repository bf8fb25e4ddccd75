import type { ValueMap } from '../template/value.js';
import { refuseStrangers, type ServerlessResource, s3Location } from './serverless-resource.js';

const PASSED_ON = ['Description', 'CompatibleArchitectures', 'CompatibleRuntimes', 'LicenseInfo'];
const KNOWN: ReadonlySet<string> = new Set([...PASSED_ON, 'ContentUri', 'LayerName', 'RetentionPolicy']);

/**
 * AWS's transform puts a hash into the logical id, so that a change makes another resource; here a change replaces the version under one id,
 * and the old one stays all the same.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html
 */
export function expandLayer(resource: ServerlessResource): ValueMap {
  refuseStrangers(resource, KNOWN);
  const { logicalId, declared, properties } = resource;
  const { ContentUri: content, LayerName: name = logicalId, RetentionPolicy: retention = 'Retain' } = properties;
  const policy = retention === 'Delete' ? 'Delete' : 'Retain';
  const { Type: _type, Properties: _properties, ...members } = declared;
  return {
    [logicalId]: {
      ...members,
      Type: 'AWS::Lambda::LayerVersion',
      DeletionPolicy: policy,
      UpdateReplacePolicy: policy,
      Properties: {
        ...Object.fromEntries(
          PASSED_ON.flatMap((key) => (properties[key] === undefined ? [] : [[key, properties[key]]])),
        ),
        LayerName: name,
        Content: s3Location(content, 'ContentUri', resource),
      },
    },
  };
}
