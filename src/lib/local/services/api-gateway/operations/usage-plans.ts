import type { ApiStage, UsagePlan, UsagePlanKey } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, conflict, newId, notFound, pick, type RestState } from '../rest-state.js';

const KIND = 'Usage Plan';
const answerPlan = (plan: UsagePlan): Answer<UsagePlan> => plan as Answer<UsagePlan>;

function checkStages(state: RestState, region: string, stages: readonly ApiStage[] | undefined): void {
  for (const { apiId = '', stage = '' } of stages ?? []) {
    const record = state.in(region).apis.get(apiId);
    if (!record?.stages.has(stage)) throw notFound(`API Stage not found: ${apiId}:${stage}`);
  }
}

export const createUsagePlan = defineOperation('api-gateway', 'CreateUsagePlan').as({
  gaps: ['Throttles and quotas of usage plans are kept and have no effect; which keys reach which stages has.'],
  run(state: RestState, input, { region }) {
    checkStages(state, region, input.apiStages);
    const plan: UsagePlan = { apiStages: [], ...input, id: newId(6) };
    state.in(region).plans.set(plan.id ?? '', { plan, keyIds: new Set() });
    return answerPlan(plan);
  },
});

export const getUsagePlan = defineOperation('api-gateway', 'GetUsagePlan').as({
  run: (state: RestState, { usagePlanId }, { region }) =>
    answerPlan(pick(state.in(region).plans, usagePlanId, KIND).plan),
});

export const getUsagePlans = defineOperation('api-gateway', 'GetUsagePlans').as({
  run(state: RestState, { position, limit, keyId }, { region }) {
    const wanted = [...state.in(region).plans.values()].filter(
      ({ keyIds }) => keyId === undefined || keyIds.has(keyId),
    );
    const page = listPage(wanted, { of: 'GetUsagePlans', keyOf: ({ plan }) => plan.id ?? '', position, limit });
    return { ...page, items: page.items.map(({ plan }) => answerPlan(plan)) };
  },
});

/** `/apiStages` takes `API:STAGE`; the other paths are members. */
export const updateUsagePlan = defineOperation('api-gateway', 'UpdateUsagePlan').as({
  run(state: RestState, { usagePlanId, patchOperations = [] }, { region }) {
    const found = pick(state.in(region).plans, usagePlanId, KIND);
    let stages = found.plan.apiStages ?? [];
    for (const { op, value = '' } of patchOperations.filter(({ path }) => path === '/apiStages')) {
      const [apiId, stage] = value.split(':');
      stages = stages.filter((each) => each.apiId !== apiId || each.stage !== stage);
      if (op !== 'remove') stages = [...stages, { apiId, stage }];
    }
    checkStages(state, region, stages);
    const others = patchOperations.filter(({ path }) => path !== '/apiStages');
    found.plan = { ...patched(found.plan, others), apiStages: stages };
    return answerPlan(found.plan);
  },
});

export const deleteUsagePlan = defineOperation('api-gateway', 'DeleteUsagePlan').as({
  run(state: RestState, { usagePlanId }, { region }) {
    const { plans } = state.in(region);
    pick(plans, usagePlanId, KIND);
    plans.delete(usagePlanId);
    return {};
  },
});

const answerKey = (state: RestState, region: string, keyId: string): Answer<UsagePlanKey> => {
  const { id, value, name } = pick(state.in(region).keys, keyId, 'API Key');
  return { id, type: 'API_KEY', value, name };
};

export const createUsagePlanKey = defineOperation('api-gateway', 'CreateUsagePlanKey').as({
  run(state: RestState, { usagePlanId, keyId, keyType }, { region }) {
    const { keyIds } = pick(state.in(region).plans, usagePlanId, KIND);
    if (keyType !== 'API_KEY') throw badRequest('Invalid key type. Valid values are: API_KEY');
    const answer = answerKey(state, region, keyId);
    if (keyIds.has(keyId)) throw conflict('Usage Plan Key already exists');
    keyIds.add(keyId);
    return answer;
  },
});

export const getUsagePlanKey = defineOperation('api-gateway', 'GetUsagePlanKey').as({
  run(state: RestState, { usagePlanId, keyId }, { region }) {
    if (!pick(state.in(region).plans, usagePlanId, KIND).keyIds.has(keyId))
      throw notFound('Invalid Usage Plan Key identifier specified');
    return answerKey(state, region, keyId);
  },
});

export const getUsagePlanKeys = defineOperation('api-gateway', 'GetUsagePlanKeys').as({
  run(state: RestState, { usagePlanId, position, limit }, { region }) {
    const ids = [...pick(state.in(region).plans, usagePlanId, KIND).keyIds];
    const page = listPage(ids, { of: `GetUsagePlanKeys ${usagePlanId}`, keyOf: (id) => id, position, limit });
    return { ...page, items: page.items.map((id) => answerKey(state, region, id)) };
  },
});

export const deleteUsagePlanKey = defineOperation('api-gateway', 'DeleteUsagePlanKey').as({
  run(state: RestState, { usagePlanId, keyId }, { region }) {
    if (!pick(state.in(region).plans, usagePlanId, KIND).keyIds.delete(keyId)) {
      throw notFound('Invalid Usage Plan Key identifier specified');
    }
    return {};
  },
});
