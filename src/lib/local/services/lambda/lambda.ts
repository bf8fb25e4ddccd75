import { defineService } from '../../define-service.js';
import * as aliases from './aliases.js';
import { codeRoute } from './code-route.js';
import { createFunction } from './create-function.js';
import { deleteFunction } from './delete-function.js';
import * as eventInvoke from './event-invoke-config.js';
import { functionDestination } from './function-destination.js';
import * as urls from './function-url-config.js';
import { functionUrlRoute } from './function-url-route.js';
import { LAMBDA_GAPS } from './gaps.js';
import * as inert from './inert-configs.js';
import { invoke } from './invoke.js';
import { invokeWithResponseStream } from './invoke-with-response-stream.js';
import { createLambdaService } from './lambda-service.js';
import * as layerPermissions from './layer-permissions.js';
import * as layers from './layers.js';
import { MAPPING_GAPS } from './mappings/gaps.js';
import * as mappings from './mappings/mapping-operations.js';
import * as permissions from './permissions.js';
import * as provisioned from './provisioned-concurrency.js';
import { publishVersion } from './publish-version.js';
import { getFunction, getFunctionConfiguration, listFunctions, listVersionsByFunction } from './read-functions.js';
import * as concurrency from './reserved-concurrency.js';
import * as tags from './tags.js';
import { updateFunctionCode } from './update-function-code.js';
import { updateFunctionConfiguration } from './update-function-configuration.js';

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
