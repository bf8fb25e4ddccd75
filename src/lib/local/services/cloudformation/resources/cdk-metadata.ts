import { defineResourceType } from '../resource-type.js';
import { text } from '../shape.js';

/** What the CDK adds to every stack to be counted by; it does nothing anywhere. */
export const cdkMetadata = defineResourceType({
  type: 'AWS::CDK::Metadata',
  properties: { Analytics: text },
  attributes: [],
  create: async (request) => ({ physicalId: request.generateName() }),
  update: async ({ physicalId }) => ({ physicalId }),
  delete: async () => {},
});
