// Lambda authorizers: a function says by a policy whether a request may pass.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { UserPattern } from '../../../../shared/user-pattern.js';
import { arnOf } from '../../../kit/arn.js';
import { allows } from '../policy-document.js';
import { GatewayFault } from './gateway-fault.js';
import { parameterValue } from './map-parameters.js';
import { invokeFunction, proxyEvent } from './proxy-integration.js';
import { type MethodCall, methodArn, parametersOf, requestContext } from './rest-call.js';

interface Verdict {
  principalId?: unknown;
  policyDocument?: unknown;
  context?: Record<string, unknown> | null;
  usageIdentifierKey?: unknown;
}

interface Kept {
  verdict: Verdict;
  untilMs: number;
}

const MOST_KEPT = 1_000;
const kept = new WeakMap<Authorizer, Map<string, Kept>>();

/** What the authorizer says of the caller, for the integration. @throws GatewayFault if it lets the request not pass */
export async function authorize(call: MethodCall, authorizerId: string): Promise<Record<string, unknown>> {
  const authorizer = call.snapshot.authorizers.get(authorizerId);
  if (!authorizer) throw new GatewayFault('AUTHORIZER_CONFIGURATION_ERROR');
  const arn = methodArn(call, call.path);
  const ttlMs = (authorizer.authorizerResultTtlInSeconds ?? 300) * 1000;
  const identity = identityOf(call, authorizer, ttlMs > 0);
  const verdict = await cached(authorizer, ttlMs > 0 && identity.length > 0 ? identity.join(' ') : undefined, {
    nowMs: call.nowMs,
    ttlMs,
    ask: () => ask(call, authorizer, { arn, token: identity[0] ?? '' }),
  });
  const decision = allows(verdict.policyDocument, 'execute-api:Invoke', arn);
  if (decision !== 'allow') {
    const message = `User is not authorized to access this resource${decision === 'deny' ? ' with an explicit deny in an identity-based policy' : ''}`;
    throw new GatewayFault('ACCESS_DENIED', { message });
  }
  const { principalId, usageIdentifierKey, context } = verdict;
  return {
    ...Object.fromEntries(Object.entries(context ?? {}).map(([key, value]) => [key, String(value)])),
    principalId,
    ...(usageIdentifierKey === undefined ? {} : { usageIdentifierKey }),
    integrationLatency: 0,
  };
}

/** The values that identify the caller. @throws GatewayFault for one that is missing or not of the expected form */
function identityOf(call: MethodCall, authorizer: Authorizer, mustHave: boolean): string[] {
  const source = {
    parameters: parametersOf(call),
    body: '',
    context: requestContext(call),
    stageVariables: call.stage.variables ?? {},
  };
  const expressions = (authorizer.identitySource ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
  const values = expressions.map((expression) => parameterValue(expression, source));
  const isToken = authorizer.type === 'TOKEN';
  if ((isToken || mustHave) && values.some((value) => value === undefined || value === '')) {
    throw new GatewayFault('UNAUTHORIZED');
  }
  const form = authorizer.identityValidationExpression;
  if (isToken && form && !new UserPattern(form).matchesAll([values[0] ?? ''])) throw new GatewayFault('UNAUTHORIZED');
  return values.map((value) => value ?? '');
}

async function cached(
  authorizer: Authorizer,
  key: string | undefined,
  { nowMs, ttlMs, ask }: { nowMs: number; ttlMs: number; ask: () => Promise<Verdict> },
): Promise<Verdict> {
  if (key === undefined) return ask();
  let verdicts = kept.get(authorizer);
  if (!verdicts) kept.set(authorizer, (verdicts = new Map()));
  const before = verdicts.get(key);
  if (before && before.untilMs > nowMs) return before.verdict;
  const verdict = await ask();
  if (verdicts.size >= MOST_KEPT) verdicts.clear();
  verdicts.set(key, { verdict, untilMs: nowMs + ttlMs });
  return verdict;
}

async function ask(
  call: MethodCall,
  { type, authorizerUri = '', authorizerCredentials, id }: Authorizer,
  { arn, token }: { arn: string; token: string },
): Promise<Verdict> {
  const event =
    type === 'TOKEN'
      ? { type, methodArn: arn, authorizationToken: token }
      : { type, methodArn: arn, ...proxyEvent({ ...call, body: Buffer.alloc(0) }) };
  // A function's policy names the authorizer, not the method: `API/authorizers/ID`.
  const { record, state } = call;
  const place = { region: record.region, accountId: state.environment.accountId };
  const end = await invokeFunction(
    call,
    { uri: authorizerUri, ...(authorizerCredentials === undefined ? {} : { credentials: authorizerCredentials }) },
    { payload: JSON.stringify(event), sourceArn: arnOf('execute-api', place, `${record.id}/authorizers/${id}`) },
  );
  const answer = parse(end.payload);
  if (end.functionError !== undefined) {
    // `callback('Unauthorized')` and its like are the documented way to a 401.
    const isRefusal = (answer as { errorMessage?: unknown } | undefined)?.errorMessage === 'Unauthorized';
    throw new GatewayFault(isRefusal ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE');
  }
  if (typeof answer !== 'object' || answer === null) throw new GatewayFault('AUTHORIZER_FAILURE');
  return answer;
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}
