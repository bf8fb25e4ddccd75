import { defineService } from '../../define-service.js';
import { assumeRole } from './operations/assume-role.js';
import { getAccessKeyInfo } from './operations/get-access-key-info.js';
import { getCallerIdentity } from './operations/get-caller-identity.js';
import { getSessionToken } from './operations/get-session-token.js';
import { Sessions } from './sessions.js';

/** STS: who am I, and temporary credentials. What credentials stand for is remembered, so that GetCallerIdentity answers as AWS does. */
export const sts = defineService({
  id: 'sts',
  title: 'STS',
  state: ({ clock }) => new Sessions(clock),
  operations: [assumeRole, getAccessKeyInfo, getCallerIdentity, getSessionToken],
  invalid: 'ValidationError',
  gaps: [
    '**Signatures are not checked.** Temporary credentials expire, and GetCallerIdentity names the role that they stand for.',
  ],
});
