import { CodeStore } from '../../functions/code-store.js';
import { createFunctionHost } from '../../functions/function-host.js';
import { type LocalService, perRegion, type ServiceEnvironment } from '../../service.js';
import * as aliases from './aliases.js';
import { AsyncInvocations } from './async-invocations.js';
import { CODE_PATH, codeRoute } from './code-route.js';
import { createFunction } from './create-function.js';
import { deleteFunction } from './delete-function.js';
import * as eventInvoke from './event-invoke-config.js';
import { functionDestination } from './function-destination.js';
import { FunctionRunner } from './function-runner.js';
import * as urls from './function-url-config.js';
import { functionUrlRoute } from './function-url-route.js';
import * as inert from './inert-configs.js';
import { invoke } from './invoke.js';
import { invokeWithResponseStream } from './invoke-with-response-stream.js';
import { createState } from './lambda-state.js';
import type { LambdaStore } from './lambda-store.js';
import * as layerPermissions from './layer-permissions.js';
import * as layers from './layers.js';
import { createMappings } from './mappings/mapping-operations.js';
import * as permissions from './permissions.js';
import * as provisioned from './provisioned-concurrency.js';
import { publishVersion } from './publish-version.js';
import { getFunction, getFunctionConfiguration, listFunctions, listVersionsByFunction } from './read-functions.js';
import * as concurrency from './reserved-concurrency.js';
import { sweepCode } from './sweep-code.js';
import * as tags from './tags.js';
import { updateFunctionCode } from './update-function-code.js';
import { updateFunctionConfiguration } from './update-function-configuration.js';

/** Lambda: functions as plain processes, and the event source mappings that feed them. */
export function createLambda(environment: ServiceEnvironment): LocalService<'lambda'> {
  const host = createFunctionHost(environment);
  const store: LambdaStore = {
    environment,
    regions: perRegion(createState),
    code: new CodeStore(environment.dataDir),
    codeUrl: (sha256) => `${environment.endpointUrl()}${CODE_PATH}${encodeURIComponent(sha256)}`,
    retire: (arn, version) =>
      host.retire((spec) => spec.arn === arn && (version === undefined || spec.version === version)),
  };
  const sweeper = sweepCode(store, host);
  const runner = new FunctionRunner(store, host);
  const events = new AsyncInvocations(store, runner);
  const mappings = createMappings(store, runner);
  const tagsOf = tags.createTagsOf(store, mappings.tagsOf);
  return {
    handlers: {
      CreateFunction: createFunction(store),
      GetFunction: getFunction(store),
      GetFunctionConfiguration: getFunctionConfiguration(store),
      ListFunctions: listFunctions(store),
      UpdateFunctionCode: updateFunctionCode(store),
      UpdateFunctionConfiguration: updateFunctionConfiguration(store),
      DeleteFunction: deleteFunction(store),
      PublishVersion: publishVersion(store),
      ListVersionsByFunction: listVersionsByFunction(store),
      Invoke: invoke(store, runner, events),
      PublishLayerVersion: layers.publishLayerVersion(store),
      GetLayerVersion: layers.getLayerVersion(store),
      GetLayerVersionByArn: layers.getLayerVersionByArn(store),
      ListLayers: layers.listLayers(store),
      ListLayerVersions: layers.listLayerVersions(store),
      DeleteLayerVersion: layers.deleteLayerVersion(store),
      AddLayerVersionPermission: layerPermissions.addLayerVersionPermission(store),
      RemoveLayerVersionPermission: layerPermissions.removeLayerVersionPermission(store),
      GetLayerVersionPolicy: layerPermissions.getLayerVersionPolicy(store),
      ...mappings.handlers,
      CreateAlias: aliases.createAlias(store),
      GetAlias: aliases.getAlias(store),
      ListAliases: aliases.listAliases(store),
      UpdateAlias: aliases.updateAlias(store),
      DeleteAlias: aliases.deleteAlias(store),
      PutFunctionConcurrency: concurrency.putFunctionConcurrency(store),
      GetFunctionConcurrency: concurrency.getFunctionConcurrency(store),
      DeleteFunctionConcurrency: concurrency.deleteFunctionConcurrency(store),
      PutProvisionedConcurrencyConfig: provisioned.putProvisionedConcurrencyConfig(store),
      GetProvisionedConcurrencyConfig: provisioned.getProvisionedConcurrencyConfig(store),
      DeleteProvisionedConcurrencyConfig: provisioned.deleteProvisionedConcurrencyConfig(store),
      ListProvisionedConcurrencyConfigs: provisioned.listProvisionedConcurrencyConfigs(store),
      GetAccountSettings: concurrency.getAccountSettings(store),
      ListTags: tags.listTags(tagsOf),
      TagResource: tags.tagResource(tagsOf),
      UntagResource: tags.untagResource(tagsOf),
      AddPermission: permissions.addPermission(store),
      RemovePermission: permissions.removePermission(store),
      GetPolicy: permissions.getPolicy(store),
      PutFunctionEventInvokeConfig: eventInvoke.putFunctionEventInvokeConfig(store),
      UpdateFunctionEventInvokeConfig: eventInvoke.updateFunctionEventInvokeConfig(store),
      GetFunctionEventInvokeConfig: eventInvoke.getFunctionEventInvokeConfig(store),
      DeleteFunctionEventInvokeConfig: eventInvoke.deleteFunctionEventInvokeConfig(store),
      ListFunctionEventInvokeConfigs: eventInvoke.listFunctionEventInvokeConfigs(store),
      CreateFunctionUrlConfig: urls.createFunctionUrlConfig(store),
      GetFunctionUrlConfig: urls.getFunctionUrlConfig(store),
      UpdateFunctionUrlConfig: urls.updateFunctionUrlConfig(store),
      DeleteFunctionUrlConfig: urls.deleteFunctionUrlConfig(store),
      ListFunctionUrlConfigs: urls.listFunctionUrlConfigs(store),
      InvokeWithResponseStream: invokeWithResponseStream(store, runner),
      GetFunctionCodeSigningConfig: inert.getFunctionCodeSigningConfig(store),
      GetRuntimeManagementConfig: inert.getRuntimeManagementConfig(store),
      GetFunctionRecursionConfig: inert.getFunctionRecursionConfig(store),
    },
    routes: [functionUrlRoute(store, runner), codeRoute(store)],
    destinations: [functionDestination(environment)],
    async close() {
      sweeper.close();
      events.close();
      mappings.close();
      await host.close();
    },
  };
}
