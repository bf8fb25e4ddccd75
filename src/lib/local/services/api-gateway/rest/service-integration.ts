// Integrations with the services of this endpoint: the mapped request is read as the service's own wire has it, and the operation is
// called in this process. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-request.html
import { AwsError } from '../../../wire/aws-error.js';
import type { ServiceId } from '../../../wire/handlers.js';
import { decodeInput, encodeError, encodeOutput } from '../../../wire/protocols.js';
import { type Route, route } from '../../../wire/router.js';
import { catalog } from '../../../wire/service-model.js';
import type { WireReply, WireRequest } from '../../../wire/wire-request.js';
import { misconfigured } from './gateway-fault.js';
import type { IntegrationAnswer } from './mapped-integration.js';
import type { MethodCall } from './rest-call.js';

export interface ServiceRequest {
  /** `arn:aws:apigateway:REGION:SERVICE:action/NAME`, or `…:path/PATH`. */
  uri: string;
  method: string;
  headers: Record<string, string>;
  query: [string, string][];
  body: string;
}

const URI = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):([a-z0-9-.]+):(action|path)\/(.*)$/;

/** @throws GatewayFault for a URI that means no operation of this endpoint */
export async function callService(call: MethodCall, asked: ServiceRequest): Promise<IntegrationAnswer> {
  const [, region = '', service = '', kind, target = ''] = URI.exec(asked.uri) ?? [];
  const row = catalog.find(({ signing, id }) => signing === service || id === service);
  if (!row || (kind === 'path' && target === '')) throw misconfigured();
  const headers: Record<string, string> = {
    'content-type': row.protocol === 'awsQuery' ? FORM : 'application/x-amz-json-1.1',
    ...asked.headers,
    authorization: `AWS4-HMAC-SHA256 Credential=gateway/20260101/${region}/${row.signing}/aws4_request, SignedHeaders=host, Signature=0`,
  };
  const query = [...asked.query];
  if (kind === 'action') {
    if (row.protocol === 'awsQuery') query.push(['Action', target], ['Version', row.version]);
    else headers['x-amz-target'] = `${row.target}.${target}`;
  }
  // A queue's path is its URL: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
  if (kind === 'path' && row.id === 'sqs') query.push(['QueueUrl', `https://sqs.${region}.amazonaws.com/${target}`]);
  const reply = await perform(call, region, {
    method: asked.method,
    path: kind === 'path' ? `/${target}` : '/',
    query,
    headers,
    body: asked.body,
  });
  return {
    selector: String(reply.status),
    headers: reply.headers,
    body:
      typeof reply.body === 'string'
        ? reply.body
        : Buffer.from((reply.body as Uint8Array | undefined) ?? []).toString(),
  };
}

const FORM = 'application/x-www-form-urlencoded';

type AnyCall = (input: unknown) => Promise<unknown>;

interface Asked {
  method: string;
  path: string;
  query: [string, string][];
  headers: Record<string, string>;
  body: string;
}

async function perform({ state, requestId }: MethodCall, region: string, asked: Asked): Promise<WireReply> {
  let found: Route | undefined;
  try {
    const request = asWireRequest(asked);
    found = await route(request);
    const input = await decodeInput(found, request);
    const service = state.environment.calls(region)[found.service.id as ServiceId] as unknown as Record<
      string,
      AnyCall
    >;
    const output = await service[found.operation.name]?.(input);
    return encodeOutput(found, (output ?? {}) as Record<string, unknown>, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return encodeError(found ?? { protocol: 'awsJson1_1' }, error, requestId);
  }
}

const asWireRequest = ({ method, path, query, headers, body }: Asked): WireRequest => ({
  method,
  path,
  query,
  rawQuery: new URLSearchParams(query).toString(),
  headers,
  rawHeaders: [],
  host: 'localhost',
  body: async () => Buffer.from(body),
  stream() {
    throw misconfigured(); // operations that read streams are none of an integration's
  },
  signal: () => NEVER,
});

const NEVER = new AbortController().signal;
