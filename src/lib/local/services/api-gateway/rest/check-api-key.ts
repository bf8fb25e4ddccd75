import type { Stage } from '@aws-sdk/client-api-gateway';
import { headerOf } from '../../../wire/wire-request.js';
import { GatewayFault } from './gateway-fault.js';
import type { MethodCall } from './rest-call.js';

/**
 * The key of the request, which a usage plan must give access to the stage.
 * @throws GatewayFault
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
export function checkApiKey(call: MethodCall, stage: Stage): { id: string; value: string } {
  const { state, record, request, snapshot, authorizer } = call;
  const given =
    snapshot.apiKeySource === 'AUTHORIZER' ? authorizer?.usageIdentifierKey : headerOf(request.headers, 'x-api-key');
  const { keys, plans } = state.in(record.region);
  for (const { id = '', value, enabled } of keys.values()) {
    if (value === undefined || value !== given || enabled !== true) continue;
    for (const { plan, keyIds } of plans.values()) {
      if (!keyIds.has(id)) continue;
      if (plan.apiStages?.some(({ apiId, stage: name }) => apiId === record.id && name === stage.stageName))
        return { id, value };
    }
  }
  throw new GatewayFault('INVALID_API_KEY');
}
