import { defineService } from '../../define-service.js';
import * as account from './operations/account.js';
import * as apiKeys from './operations/api-keys.js';
import * as authorizers from './operations/authorizers.js';
import * as deployments from './operations/deployments.js';
import * as gatewayResponses from './operations/gateway-responses.js';
import * as integrations from './operations/integrations.js';
import * as methods from './operations/methods.js';
import * as models from './operations/models.js';
import * as validators from './operations/request-validators.js';
import { createResource, deleteResource, getResource, getResources, updateResource } from './operations/resources.js';
import {
  createRestApi,
  deleteRestApi,
  getRestApi,
  getRestApis,
  importRestApi,
  putRestApi,
  updateRestApi,
} from './operations/rest-apis.js';
import { createStage, deleteStage, getStage, getStages, updateStage } from './operations/stages.js';
import * as tags from './operations/tags.js';
import * as usagePlans from './operations/usage-plans.js';
import { restRoute } from './rest/rest-route.js';
import { RestState } from './rest-state.js';

/** REST APIs: resources, methods and integrations, deployed to stages that answer over HTTP. */
export const apiGateway = defineService({
  id: 'api-gateway',
  title: 'API Gateway (REST APIs)',
  invalid: 'BadRequestException',
  state: (environment) => new RestState(environment),
  operations: [
    createRestApi,
    getRestApi,
    getRestApis,
    updateRestApi,
    deleteRestApi,
    importRestApi,
    putRestApi,
    createResource,
    getResource,
    getResources,
    updateResource,
    deleteResource,
    createStage,
    getStage,
    getStages,
    updateStage,
    deleteStage,
    ...Object.values(methods),
    ...Object.values(integrations),
    ...Object.values(deployments),
    ...Object.values(models),
    ...Object.values(validators),
    ...Object.values(authorizers),
    ...Object.values(gatewayResponses),
    ...Object.values(apiKeys),
    ...Object.values(usagePlans),
    ...Object.values(account),
    ...Object.values(tags),
  ],
  routes: (state) => [restRoute(state)],
  gaps: [
    '**Custom domain names, base path mappings, VPC links, client certificates, documentation and SDK generation** answer 501.',
    "**Web pages** reach an API as far as its CORS answers let them. A POST that a page may send without asking is refused unless the API's answer to a preflight allows its origin; AWS runs it and keeps the answer from the page.",
    '**Pages that an API answers with** run no script in a browser.',
    '**Throttling, caching and compression** have no effect.',
  ],
});
