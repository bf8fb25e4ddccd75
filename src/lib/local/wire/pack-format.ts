// The generated schema packs: what `scripts/generate-packs.ts` derives from the SDK clients and `service-model.ts` revives.

/** The wire protocols by their Smithy names; `awsCbor1_1` is the older CBOR that Kinesis' Java clients speak. */
export type Protocol = 'awsJson1_0' | 'awsJson1_1' | 'awsCbor1_1' | 'rpcv2Cbor' | 'awsQuery' | 'restJson1' | 'restXml';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** One row of `packs/catalog.json`: everything needed to route a request before its service's pack is read. */
export interface CatalogRow {
  id: string;
  protocol: Protocol;
  /** The service's name in a signature's credential scope. */
  signing: string;
  /** The prefix of `X-Amz-Target`, and the service's name in RPC v2 paths. */
  target: string;
  /** `Version` of AWS Query requests. */
  version: string;
  xmlns?: string;
  /** A JSON or CBOR service that also answers AWS Query and names Query error codes in a header. */
  queryCompatible?: boolean;
}

/** Where a member travels and what it is called there; only what a server needs. */
export interface Traits {
  jsonName?: string;
  xmlName?: string;
  xmlFlattened?: boolean;
  xmlAttribute?: boolean;
  /** `[prefix, uri]`; the prefix is empty for a default namespace. */
  xmlNamespace?: [prefix: string, uri: string];
  httpLabel?: boolean;
  httpQuery?: string;
  httpQueryParams?: boolean;
  httpHeader?: string;
  httpPrefixHeaders?: string;
  httpPayload?: boolean;
  httpResponseCode?: boolean;
  streaming?: boolean;
  sparse?: boolean;
  eventPayload?: boolean;
  eventHeader?: boolean;
  timestampFormat?: TimestampFormat;
}

export type ScalarKind = 'string' | 'number' | 'boolean' | 'blob' | 'timestamp';

/** An index into `shapes`, or a scalar by its name. */
export type ShapeRef = number | ScalarKind;

/** `[name, shape, required, traits?]` */
export type PackedMember = [name: string, shape: ShapeRef, required: 0 | 1, traits?: Traits];

export type PackedShape =
  | { kind: 'structure' | 'union'; name: string; members: PackedMember[]; xmlName?: string }
  | { kind: 'list'; name: string; member: PackedMember }
  | { kind: 'map'; name: string; key: PackedMember; value: PackedMember };

export interface PackedOperation {
  name: string;
  /** Left out where the operation has none. */
  input?: number;
  output?: number;
  http?: [method: string, template: string, status: number];
  /** The output's only member is the XML root itself (S3 GetBucketLocation). */
  unwrapped?: true;
}

export interface PackedError {
  shape: number;
  fault: 'client' | 'server';
  status?: number;
  /** The code in AWS Query answers where it differs from the shape's name. */
  queryCode?: string;
}

export interface Pack {
  namespace: string;
  operations: PackedOperation[];
  errors: PackedError[];
  shapes: PackedShape[];
}
