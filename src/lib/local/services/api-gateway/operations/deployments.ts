import type { Deployment, Stage } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, newId, pick, type RestApiRecord, type RestState, type Snapshot } from '../rest-state.js';
import { newStage } from './stages.js';

/** A copy of all that answers requests; what is edited later waits for the next deployment. */
function snapshotOf(record: RestApiRecord): Snapshot {
  const { resources, models, validators, authorizers, gatewayResponses, api } = record;
  return structuredClone({
    resources: [...resources.values()],
    models,
    validators,
    authorizers,
    gatewayResponses,
    binaryMediaTypes: api.binaryMediaTypes ?? [],
    apiKeySource: api.apiKeySource ?? 'HEADER',
  });
}

export const createDeployment = defineOperation('api-gateway', 'CreateDeployment').as({
  notHere: ['canarySettings'],
  run(state: RestState, { restApiId, stageName, stageDescription, description, variables }, { region }) {
    const record = state.mustHave(region, restApiId);
    const methods = [...record.resources.values()].flatMap((resource) => [...resource.methods.values()]);
    if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
    if (methods.some((method) => !method.methodIntegration)) throw badRequest('No integration defined for method');
    const now = new Date(state.environment.clock.now());
    const deployment: Deployment = { id: newId(6), description, createdDate: now };
    const id = deployment.id ?? '';
    record.deployments.set(id, { deployment, snapshot: snapshotOf(record) });
    if (stageName !== undefined && stageName !== '') {
      const before = record.stages.get(stageName);
      const stage: Stage = before ?? newStage({ stageName, deploymentId: id, description: stageDescription }, now);
      Object.assign(stage, { deploymentId: id, lastUpdatedDate: now }, variables === undefined ? {} : { variables });
      record.stages.set(stageName, stage);
    }
    return deployment as Answer<Deployment>;
  },
});

export const getDeployment = defineOperation('api-gateway', 'GetDeployment').as({
  run: (state: RestState, { restApiId, deploymentId }, { region }) =>
    pick(state.mustHave(region, restApiId).deployments, deploymentId, 'Deployment').deployment as Answer<Deployment>,
});

export const getDeployments = defineOperation('api-gateway', 'GetDeployments').as({
  run(state: RestState, { restApiId, position, limit }, { region }) {
    const all = [...state.mustHave(region, restApiId).deployments.values()].map(
      ({ deployment }) => deployment as Answer<Deployment>,
    );
    return listPage(all, { of: `GetDeployments ${restApiId}`, keyOf: ({ id }) => id ?? '', position, limit });
  },
});

export const updateDeployment = defineOperation('api-gateway', 'UpdateDeployment').as({
  run(state: RestState, { restApiId, deploymentId, patchOperations }, { region }) {
    const found = pick(state.mustHave(region, restApiId).deployments, deploymentId, 'Deployment');
    found.deployment = patched(found.deployment, patchOperations);
    return found.deployment as Answer<Deployment>;
  },
});

export const deleteDeployment = defineOperation('api-gateway', 'DeleteDeployment').as({
  run(state: RestState, { restApiId, deploymentId }, { region }) {
    const record = state.mustHave(region, restApiId);
    pick(record.deployments, deploymentId, 'Deployment');
    if ([...record.stages.values()].some((stage) => stage.deploymentId === deploymentId)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
    record.deployments.delete(deploymentId);
    return {};
  },
});
