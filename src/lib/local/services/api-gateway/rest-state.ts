import { randomBytes } from 'node:crypto';
import type {
  Account,
  ApiKey,
  Authorizer,
  Deployment,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { FunctionCaller } from './function-caller.js';

/** A resource as it is edited: a part of a path, and its methods by name. */
export interface RestResource {
  id: string;
  parentId: string | undefined;
  pathPart: string | undefined;
  path: string;
  methods: Map<string, Method>;
}

/** What a deployment keeps: later edits do not reach it. */
export interface Snapshot {
  resources: readonly RestResource[];
  models: ReadonlyMap<string, Model>;
  validators: ReadonlyMap<string, RequestValidator>;
  authorizers: ReadonlyMap<string, Authorizer>;
  gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  binaryMediaTypes: readonly string[];
  apiKeySource: string;
}

export interface RestDeployment {
  deployment: Deployment;
  snapshot: Snapshot;
}

/** An API with everything that hangs on it. */
export interface RestApiRecord {
  id: string;
  region: string;
  api: RestApi;
  rootId: string;
  resources: Map<string, RestResource>;
  models: Map<string, Model>;
  validators: Map<string, RequestValidator>;
  authorizers: Map<string, Authorizer>;
  gatewayResponses: Map<string, GatewayResponse>;
  deployments: Map<string, RestDeployment>;
  stages: Map<string, Stage>;
}

export interface UsagePlanRecord {
  plan: UsagePlan;
  keyIds: Set<string>;
}

interface Region {
  apis: Map<string, RestApiRecord>;
  keys: Map<string, ApiKey>;
  plans: Map<string, UsagePlanRecord>;
  account: Account;
}

/** What the operations of REST APIs share. */
export class RestState {
  readonly environment: ServiceEnvironment;
  readonly functions: FunctionCaller;
  readonly #regions = perRegion<Region>(() => ({
    apis: new Map(),
    keys: new Map(),
    plans: new Map(),
    account: {
      throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    },
  }));
  /** Every region's APIs: a request for one names no region. */
  readonly #byId = new Map<string, RestApiRecord>();

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    this.functions = new FunctionCaller(environment);
  }

  in(region: string): Region {
    return this.#regions.in(region);
  }

  find(id: string): RestApiRecord | undefined {
    return this.#byId.get(id);
  }

  add(record: RestApiRecord): void {
    this.in(record.region).apis.set(record.id, record);
    this.#byId.set(record.id, record);
  }

  remove(record: RestApiRecord): void {
    this.in(record.region).apis.delete(record.id);
    this.#byId.delete(record.id);
  }

  /** @throws AwsError NotFoundException */
  mustHave(region: string, id: string): RestApiRecord {
    const record = this.in(region).apis.get(id);
    if (!record) throw notFound(`Invalid API identifier specified ${this.environment.accountId}:${id}`);
    return record;
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as API Gateway makes them: 10 lower-case letters and digits for an API, 6 for what it has. */
export const newId = (length: number): string =>
  [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');

export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message, { status: 404 });
export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', message, { status: 400 });
export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, { status: 409 });

/** The item of that id. @throws AwsError NotFoundException */
export function pick<Item>(items: ReadonlyMap<string, Item>, id: string, what: string): Item {
  const item = items.get(id);
  if (item === undefined) throw notFound(`Invalid ${what} identifier specified`);
  return item;
}

/** The resource of that id. @throws AwsError NotFoundException */
export const resourceOf = (record: RestApiRecord, id: string): RestResource => pick(record.resources, id, 'Resource');

/** The method of a resource. @throws AwsError NotFoundException */
export const methodOf = (record: RestApiRecord, resourceId: string, name: string): Method =>
  pick(resourceOf(record, resourceId).methods, name, 'Method');
