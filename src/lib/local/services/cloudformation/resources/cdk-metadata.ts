import { defineResourceType } from '../resource-type.js';

/** What the CDK adds to every stack to be counted by; it does nothing anywhere. */
export const cdkMetadata = defineResourceType({
  type: 'AWS::CDK::Metadata',
  effective: [],
  attributes: [],
  create: async (request) => ({ physicalId: request.generateName() }),
  update: async ({ physicalId }) => ({ physicalId }),
  delete: async () => {},
});
