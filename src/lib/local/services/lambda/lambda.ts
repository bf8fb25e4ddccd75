import { CodeStore } from '../../functions/code-store.js';
import { createFunctionHost } from '../../functions/function-host.js';
import type { StreamChanges } from '../../ports.js';
import { type LocalService, perRegion, type ServiceEnvironment } from '../../service.js';
import { AsyncInvocations } from './async-invocations.js';
import { createFunction } from './create-function.js';
import { deleteFunction } from './delete-function.js';
import { FunctionRunner } from './function-runner.js';
import { invoke } from './invoke.js';
import { createState } from './lambda-state.js';
import type { LambdaStore } from './lambda-store.js';
import * as layers from './layers.js';
import { createMappings } from './mappings/mapping-operations.js';
import { publishVersion } from './publish-version.js';
import { getFunction, getFunctionConfiguration, listFunctions, listVersionsByFunction } from './read-functions.js';
import { updateFunctionCode } from './update-function-code.js';
import { updateFunctionConfiguration } from './update-function-configuration.js';

/** Lambda: functions as plain processes, and the event source mappings that feed them. */
export function createLambda(environment: ServiceEnvironment, changes: StreamChanges): LocalService<'lambda'> {
  const host = createFunctionHost(environment);
  const store: LambdaStore = {
    environment,
    regions: perRegion(createState),
    code: new CodeStore(environment.dataDir),
    codeUrl: (sha256) => `${environment.endpointUrl()}/_pipectl/code/${encodeURIComponent(sha256)}`,
    retire: (arn, version) =>
      host.retire((spec) => spec.arn === arn && (version === undefined || spec.version === version)),
  };
  const runner = new FunctionRunner(store, host);
  const events = new AsyncInvocations(store, runner);
  const mappings = createMappings(store, runner, changes);
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
      ...mappings.handlers,
    },
    async close() {
      events.close();
      mappings.close();
      await host.close();
    },
  };
}
