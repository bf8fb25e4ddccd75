import { defineService } from '../../define-service.js';
import { codeRoute } from './code-route.js';
import { functionDestination } from './function-destination.js';
import * as urls from './function-url-config.js';
import { functionUrlRoute } from './function-url-route.js';
import { LAMBDA_GAPS } from './gaps.js';
import { invoke } from './invoke.js';
import { createLambdaService } from './lambda-service.js';
import * as layers from './layers.js';
import { MAPPING_GAPS } from './mappings/gaps.js';
import * as mappings from './mappings/mapping-operations.js';
import * as aliases from './operations/aliases.js';
import { createFunction } from './operations/create-function.js';
import { deleteFunction } from './operations/delete-function.js';
import * as eventInvoke from './operations/event-invoke-config.js';
import * as inert from './operations/inert-configs.js';
import { invokeWithResponseStream } from './operations/invoke-with-response-stream.js';
import * as layerPermissions from './operations/layer-permissions.js';
import * as permissions from './operations/permissions.js';
import * as provisioned from './operations/provisioned-concurrency.js';
import {
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from './operations/read-functions.js';
import * as concurrency from './operations/reserved-concurrency.js';
import * as tags from './operations/tags.js';
import { updateFunctionCode } from './operations/update-function-code.js';
import { updateFunctionConfiguration } from './operations/update-function-configuration.js';
import { publishVersion } from './publish-version.js';

/** Lambda: functions as plain processes, and the event source mappings that feed them. */
export const lambda = defineService({
  id: 'lambda',
  title: 'Lambda',
  state: createLambdaService,
  operations: [
    createFunction,
    getFunction,
    getFunctionConfiguration,
    listFunctions,
    updateFunctionCode,
    updateFunctionConfiguration,
    deleteFunction,
    publishVersion,
    listVersionsByFunction,
    invoke,
    layers.publishLayerVersion,
    layers.getLayerVersion,
    layers.getLayerVersionByArn,
    layers.listLayers,
    layers.listLayerVersions,
    layers.deleteLayerVersion,
    ...Object.values(mappings),
    ...Object.values(inert),
    ...Object.values(eventInvoke),
    ...Object.values(permissions),
    ...Object.values(tags),
    ...Object.values(provisioned),
    ...Object.values(concurrency),
    ...Object.values(aliases),
    ...Object.values(layerPermissions),
    urls.createFunctionUrlConfig,
    urls.getFunctionUrlConfig,
    urls.updateFunctionUrlConfig,
    urls.deleteFunctionUrlConfig,
    urls.listFunctionUrlConfigs,
    invokeWithResponseStream,
  ],
  routes: (service) => [functionUrlRoute(service, service.runner), codeRoute(service)],
  destinations: (_service, environment) => [functionDestination(environment)],
  close: (service) => service.close(),
  gaps: LAMBDA_GAPS,
  gapsOf: { 'Event source mappings': MAPPING_GAPS },
});
