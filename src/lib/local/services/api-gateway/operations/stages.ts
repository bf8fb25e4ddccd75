import type { Stage } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { patched } from '../patch.js';
import { badRequest, conflict, pick, type RestState } from '../rest-state.js';

/** A stage with what AWS shows of every one. */
export const newStage = (members: Stage, now: Date): Stage => ({
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  ...members,
  createdDate: now,
  lastUpdatedDate: now,
});

export const createStage = defineOperation('api-gateway', 'CreateStage').as({
  notHere: ['canarySettings', 'cacheClusterEnabled'],
  gaps: ['Access logs, execution logs, throttling, tracing and other settings of methods are kept and have no effect.'],
  run(state: RestState, { restApiId, ...input }, { region }) {
    const record = state.mustHave(region, restApiId);
    if (!/^[\w-]+$/.test(input.stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
    pick(record.deployments, input.deploymentId, 'Deployment');
    if (record.stages.has(input.stageName)) throw conflict('Stage already exists');
    const stage = newStage(input as Stage, new Date(state.environment.clock.now()));
    record.stages.set(input.stageName, stage);
    return stage as Answer<Stage>;
  },
});

export const getStage = defineOperation('api-gateway', 'GetStage').as({
  run: (state: RestState, { restApiId, stageName }, { region }) =>
    pick(state.mustHave(region, restApiId).stages, stageName, 'stage') as Answer<Stage>,
});

export const getStages = defineOperation('api-gateway', 'GetStages').as({
  run(state: RestState, { restApiId, deploymentId }, { region }) {
    const all = [...state.mustHave(region, restApiId).stages.values()];
    return {
      item: all.filter((stage) => deploymentId === undefined || stage.deploymentId === deploymentId) as Answer<Stage>[],
    };
  },
});

export const updateStage = defineOperation('api-gateway', 'UpdateStage').as({
  run(state: RestState, { restApiId, stageName, patchOperations = [] }, { region }) {
    const record = state.mustHave(region, restApiId);
    // `/*/*/logging/loglevel` is a setting of methods, which has no effect here.
    const own = patchOperations.filter(({ path = '' }) => !/^\/[^/]+\/[^/]+\/\w+\/\w+/.test(path));
    const stage = patched(pick(record.stages, stageName, 'stage'), own);
    if (stage.deploymentId === undefined) throw badRequest('Invalid Deployment identifier specified');
    pick(record.deployments, stage.deploymentId, 'Deployment');
    stage.lastUpdatedDate = new Date(state.environment.clock.now());
    record.stages.set(stageName, stage);
    return stage as Answer<Stage>;
  },
});

export const deleteStage = defineOperation('api-gateway', 'DeleteStage').as({
  run(state: RestState, { restApiId, stageName }, { region }) {
    const { stages } = state.mustHave(region, restApiId);
    pick(stages, stageName, 'stage');
    stages.delete(stageName);
    return {};
  },
});
