// Which operation a request means: RPC v2 path, X-Amz-Target, AWS Query form, or method and path of a REST service.
import { AwsError } from './aws-error.js';
import type { CatalogRow, Protocol } from './pack-format.js';
import { splitBucket } from './s3-bucket.js';
import { catalog, loadService, type Operation, type RestOperation, type ServiceModel } from './service-model.js';
import { isDecodable, matchPath, splitPath } from './uri-pattern.js';
import { checkFormBudget } from './value-budget.js';
import { headerOf, type WireRequest } from './wire-request.js';

export interface Route {
  service: ServiceModel;
  operation: Operation;
  protocol: Protocol;
  /** Path labels of a REST operation. */
  labels: Record<string, string>;
  /** The parameters of an AWS Query request. */
  form: Map<string, string>;
}

/** A request that means no operation, with what is known of how its sender wants to be answered. */
export class Unroutable extends AwsError {
  readonly protocol: Protocol;

  constructor(code: string, message: string, status: number, protocol: Protocol) {
    super(code, message, { status });
    this.protocol = protocol;
  }
}

const byTarget = new Map(catalog.map((row) => [row.target, row]));
const queryRows = catalog.filter((row) => row.protocol === 'awsQuery' || row.queryCompatible);
const byVersion = new Map(queryRows.map((row) => [row.version, row]));
const restRows = catalog.filter((row) => row.protocol === 'restJson1' || row.protocol === 'restXml');
/** Services whose operations are named by X-Amz-Target alone. */
const rpcRows = catalog.filter((row) => /^awsJson/.test(row.protocol) && !row.queryCompatible);
const RPC_V2_PATH = /\/service\/([^/]+)\/operation\/([^/]+)$/;
const FORM_LIMIT_BYTES = 4 * 1024 * 1024;
const NO_LABELS: Record<string, string> = {};
const NO_FORM = new Map<string, string>();

/** @throws Unroutable */
export async function route(request: WireRequest): Promise<Route> {
  const type = mediaType(headerOf(request.headers, 'content-type'));
  const target = headerOf(request.headers, 'x-amz-target');
  if (target !== undefined) {
    const dot = target.lastIndexOf('.');
    return pick(byTarget.get(target.slice(0, dot)), target.slice(0, dot), target.slice(dot + 1), targetProtocol(type));
  }
  if (headerOf(request.headers, 'smithy-protocol') === 'rpc-v2-cbor') {
    const [, service = '', operation = ''] = RPC_V2_PATH.exec(request.path) ?? [];
    return pick(byTarget.get(service), service, operation, 'rpcv2Cbor');
  }
  const scope = credentialScope(request);
  const withTarget = rpcRows.find((row) => row.signing === scope?.service);
  if (withTarget) throw withoutTarget(request.method, withTarget.protocol);
  if (scope?.service !== 's3' && isForm(type, request)) return routeForm(request, scope?.service);
  return routeRest(request, scope?.service);
}

/** What AWS answers to a request signed for a service like Kinesis that names no operation. */
const withoutTarget = (method: string, protocol: Protocol): Unroutable =>
  method === 'POST'
    ? new Unroutable('UnknownOperationException', '', 400, protocol)
    : new Unroutable(
        'AccessDeniedException',
        'Unable to determine service/operation name to be authorized',
        403,
        protocol,
      );

const mediaType = (contentType: string | undefined): string => {
  const end = contentType?.indexOf(';') ?? -1;
  return (end < 0 ? (contentType ?? '') : (contentType ?? '').slice(0, end)).trim().toLowerCase();
};

function targetProtocol(type: string): Protocol {
  if (type === 'application/x-amz-cbor-1.1') return 'awsCbor1_1';
  return type === 'application/x-amz-json-1.0' ? 'awsJson1_0' : 'awsJson1_1';
}

function pick(row: CatalogRow | undefined, service: string, name: string, protocol: Protocol): Route {
  if (!row) throw unknownService(service, protocol);
  const model = loadService(row);
  const operation = model.operations.get(name);
  if (!operation) {
    throw new Unroutable(
      protocol === 'awsQuery' ? 'InvalidAction' : 'UnknownOperationException',
      `${row.id} has no operation ${name || 'of that name'}`,
      400,
      protocol,
    );
  }
  return { service: model, operation, protocol, labels: NO_LABELS, form: NO_FORM };
}

const unknownService = (name: string, protocol: Protocol): Unroutable =>
  new Unroutable(
    'NotImplementedException',
    `the service ${name || '(none named)'} is not part of this endpoint; it has ${catalog.map(({ id }) => id).join(', ')}`,
    501,
    protocol,
  );

const isForm = (type: string, request: WireRequest): boolean =>
  // curl and its like call every body a form; a PUT is never an AWS Query request, it is an upload.
  (type === 'application/x-www-form-urlencoded' && request.method === 'POST') ||
  request.query.some(([name]) => name === 'Action');

async function routeForm(request: WireRequest, signing: string | undefined): Promise<Route> {
  const form = new Map(request.query);
  if (request.method === 'POST') {
    const bytes = await request.body(FORM_LIMIT_BYTES);
    checkForm(bytes);
    for (const [name, value] of new URLSearchParams(bytes.toString('utf8'))) form.set(name, value);
  }
  const row = byVersion.get(form.get('Version') ?? '') ?? queryRows.find((candidate) => candidate.signing === signing);
  const name = form.get('Action') ?? '';
  return { ...pick(row, signing ?? `of API version ${form.get('Version')}`, name, 'awsQuery'), form };
}

function checkForm(bytes: Uint8Array): void {
  try {
    checkFormBudget(bytes);
  } catch (error) {
    throw new AwsError('MalformedInput', error instanceof Error ? error.message : String(error), { status: 400 });
  }
}

function routeRest(request: WireRequest, signing: string | undefined): Route {
  // Both versions of API Gateway sign as one service; their paths tell them apart.
  const rows = restRows.filter((candidate) => candidate.signing === (signing ?? unsignedService(request.path)));
  const [row] = rows;
  if (!row) throw unknownService(signing ?? '', 'restJson1');
  if (row.id === 's3' && !isDecodable(request.path))
    throw new Unroutable('InvalidURI', "Couldn't parse the specified URI.", 400, row.protocol);
  for (const candidate of rows) {
    const service = loadService(candidate);
    const found = matchRest(service, request);
    if (found) return { service, protocol: candidate.protocol, form: NO_FORM, ...found };
  }
  throw new Unroutable(
    'UnknownOperationException',
    `${row.id} has no operation for ${request.method} ${request.path}`,
    404,
    row.protocol,
  );
}

/** Unsigned requests come from curl and from public reads: Lambda's paths begin with a date, everything else is an object. */
const unsignedService = (path: string): string => (/^\/20\d\d-\d\d-\d\d\//.test(path) ? 'lambda' : 's3');

/** S3 signs some operations under other names. */
const S3_NAMES = new Set(['s3express', 's3-object-lambda', 's3-outposts']);

/** Service and region of a SigV4 signature: in the header, or in the query of a presigned URL. */
export function credentialScope(request: WireRequest): { service: string; region: string } | undefined {
  const authorization = headerOf(request.headers, 'authorization');
  const credential =
    authorization === undefined
      ? request.query.find(([name]) => name.toLowerCase() === 'x-amz-credential')?.[1]
      : /Credential=([^,\s]+)/.exec(authorization)?.[1];
  const parts = credential?.split('/');
  const service = parts?.at(-2);
  // SigV4a names no region in its scope: what stands there is the date.
  const scoped = parts?.at(-3);
  const region = scoped && /^\d{8}$/.test(scoped) ? signedRegion(request) : scoped;
  return service && region ? { service: S3_NAMES.has(service) ? 's3' : service, region } : undefined;
}

/** The first region of SigV4a's set, which may hold patterns. */
function signedRegion({ headers, query }: WireRequest): string {
  const set =
    headerOf(headers, 'x-amz-region-set') ?? query.find(([name]) => name.toLowerCase() === 'x-amz-region-set')?.[1];
  const first = set?.split(',')[0]?.trim() ?? '';
  return /^[a-z0-9-]+$/.test(first) ? first : 'us-east-1';
}

/** The operation that fits most exactly: literal segments count most, then required query literals, then required members. */
function matchRest(
  service: ServiceModel,
  request: WireRequest,
): { operation: RestOperation; labels: Record<string, string> } | undefined {
  const { path, bucket } = service.id === 's3' ? splitBucket(request) : { path: request.path, bucket: undefined };
  const isInHost = bucket !== undefined && path === request.path;
  const query = new Map(request.query);
  const parts = splitPath(request.path);
  const partsBelowBucket = path === request.path ? parts : splitPath(path);
  let best: { operation: RestOperation; labels: Record<string, string> } | undefined;
  let bestScore = -1;
  for (const operation of service.restOperations) {
    const { http } = operation;
    if (http.method !== request.method) continue;
    if (http.bucketMember === undefined ? isInHost : bucket === undefined) continue;
    if (!http.literals.every(([name, value]) => literalFits(query, name, value))) continue;
    if (!http.requiredQuery.every((name) => query.has(name))) continue;
    if (!http.requiredHeaders.every((name) => request.headers[name] !== undefined)) continue;
    const labels = matchPath(http.segments, http.bucketMember === undefined ? parts : partsBelowBucket);
    if (!labels) continue;
    const score = scoreOf(operation, query);
    if (score <= bestScore) continue;
    bestScore = score;
    const { bucketMember } = http;
    best = { operation, labels: bucketMember && bucket !== undefined ? { ...labels, [bucketMember]: bucket } : labels };
  }
  return best;
}

/** `x-id` names the operation for people and may be left out. */
const literalFits = (query: Map<string, string>, name: string, value: string): boolean =>
  name === 'x-id'
    ? (query.get(name) ?? value) === value
    : query.has(name) && (value === '' || query.get(name) === value);

function scoreOf({ http }: RestOperation, query: Map<string, string>): number {
  let score = 0;
  for (const segment of http.segments) score += segment.label === undefined ? 100 : segment.greedy ? 1 : 10;
  for (const [name] of http.literals) score += name === 'x-id' ? (query.has(name) ? 1 : 0) : 3;
  return score + (http.requiredQuery.length + http.requiredHeaders.length) * 2;
}
