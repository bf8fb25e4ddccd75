import { defineService } from '../../define-service.js';
import { deleteParameter } from './operations/delete-parameter.js';
import { deleteParameters } from './operations/delete-parameters.js';
import { describeParameters } from './operations/describe-parameters.js';
import { getParameter } from './operations/get-parameter.js';
import { getParameterHistory } from './operations/get-parameter-history.js';
import { getParameters } from './operations/get-parameters.js';
import { getParametersByPath } from './operations/get-parameters-by-path.js';
import { labelParameterVersion, unlabelParameterVersion } from './operations/label-parameter-version.js';
import { putParameter } from './operations/put-parameter.js';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './operations/resource-tags.js';
import { SsmState } from './ssm-state.js';

/** Systems Manager's Parameter Store, and nothing else of it. */
export const ssm = defineService({
  id: 'ssm',
  title: 'SSM',
  state: ({ clock }) => new SsmState(clock),
  operations: [
    addTagsToResource,
    deleteParameter,
    deleteParameters,
    describeParameters,
    getParameter,
    getParameterHistory,
    getParameters,
    getParametersByPath,
    labelParameterVersion,
    listTagsForResource,
    putParameter,
    removeTagsFromResource,
    unlabelParameterVersion,
  ],
  gaps: [
    '**SecureStrings** are kept in clear text. Without `WithDecryption` they are returned as base64 that nothing can decrypt. No key is looked up.',
    "**AWS's public parameters** (`/aws/service/…`) are not here.",
  ],
});
