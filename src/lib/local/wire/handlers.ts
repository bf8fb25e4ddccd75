// Handlers are typed from the SDK clients' own command classes, so operation names, inputs and outputs follow the SDK. Types only:
// nothing of the clients is loaded at run time.
import type { Readable } from 'node:stream';
import type { InputOf, OperationName, OutputOf } from '../../shared/sdk-operations.js';

/** The services whose wire format the endpoint speaks; a service without operations answers 501 and names itself. */
export interface ServiceModules {
  kinesis: typeof import('@aws-sdk/client-kinesis');
  lambda: typeof import('@aws-sdk/client-lambda');
  'cloudwatch-logs': typeof import('@aws-sdk/client-cloudwatch-logs');
  cloudformation: typeof import('@aws-sdk/client-cloudformation');
  firehose: typeof import('@aws-sdk/client-firehose');
  s3: typeof import('@aws-sdk/client-s3');
  sns: typeof import('@aws-sdk/client-sns');
  dynamodb: typeof import('@aws-sdk/client-dynamodb');
  'dynamodb-streams': typeof import('@aws-sdk/client-dynamodb-streams');
  'api-gateway': typeof import('@aws-sdk/client-api-gateway');
  apigatewayv2: typeof import('@aws-sdk/client-apigatewayv2');
  sqs: typeof import('@aws-sdk/client-sqs');
  'kinesis-analytics-v2': typeof import('@aws-sdk/client-kinesis-analytics-v2');
  sts: typeof import('@aws-sdk/client-sts');
  ssm: typeof import('@aws-sdk/client-ssm');
  iam: typeof import('@aws-sdk/client-iam');
  cloudwatch: typeof import('@aws-sdk/client-cloudwatch');
}

export type ServiceId = keyof ServiceModules;

/** What an operation knows of the request besides its input. */
export interface OperationContext {
  requestId: string;
  /** From the credential scope of the signature; `us-east-1` when a request carries none. State is kept per region. */
  region: string;
  accountId: string;
  /** Aborts when the client goes away or the endpoint closes. */
  signal: AbortSignal;
  /** `wire` for a request that came over HTTP, `internal` for a call from another service in this process. */
  origin: 'wire' | 'internal';
  /** The request has no signature: thrown unless what it reads is open to everybody. Only operations that may be get such requests. */
  unlessPublic?: Error;
  /** Request headers, lower case; empty for internal calls. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Opaque = Uint8Array | Date | Readable | AsyncIterable<unknown>;
/** A member is a streaming body where the client takes a Node stream or hands out one of its own. */
type IsStreaming<T> = [NonNullable<T>] extends [never]
  ? false
  : [NonNullable<T>] extends [{ transformToByteArray: unknown }]
    ? true
    : [Readable] extends [T]
      ? [NonNullable<T>] extends [AsyncIterable<unknown>]
        ? false
        : true
      : false;
/** A member is a blob where the client takes bytes in several forms, or hands out bytes with methods of its own. */
type IsBlob<T> = [Uint8Array] extends [T] ? true : [NonNullable<T>] extends [Uint8Array] ? true : false;

/** The SDK's input with the promises that the wire keeps: members that the schema requires are there, a blob is bytes, a body a stream. */
export type Checked<T> =
  IsStreaming<T> extends true
    ? Readable
    : IsBlob<T> extends true
      ? Uint8Array
      : T extends Opaque
        ? T
        : T extends readonly (infer Item)[]
          ? Checked<Item>[]
          : T extends object
            ? {
                // The values of a map are there: a key without one is not sent.
                [K in keyof T]: string extends K
                  ? Checked<NonNullable<T[K]>>
                  : Record<never, never> extends Pick<T, K>
                    ? Checked<Exclude<T[K], undefined>> | undefined
                    : Checked<NonNullable<T[K]>>;
              }
            : T;

/** The SDK's output as a handler may give it: plain bytes for a blob, a stream or bytes for a body. */
export type Answer<T> =
  IsStreaming<T> extends true
    ? Readable | Uint8Array
    : IsBlob<T> extends true
      ? Uint8Array
      : T extends Opaque
        ? T
        : T extends readonly (infer Item)[]
          ? Answer<Item>[]
          : T extends object
            ? { [K in keyof T]: Answer<Exclude<T[K], undefined>> | Extract<T[K], undefined> }
            : T;

/** An operation without output members answers with an empty object. */
type AnswerOf<Output> = [keyof Output] extends [never] ? Record<never, never> : Answer<Output>;

/** Every operation of a client module: `(input, context) => output`. */
export type AllHandlers<M> = {
  [K in keyof M as OperationName<K>]: (
    input: Checked<InputOf<M[K]>>,
    context: OperationContext,
  ) => Promise<AnswerOf<OutputOf<M[K]>>> | AnswerOf<OutputOf<M[K]>>;
};

/** What a service implements: any part of its client's operations. What is left out answers 501 and names itself. */
export type Handlers<Id extends ServiceId> = Partial<AllHandlers<ServiceModules[Id]>>;

/** One operation's handler, for a file that holds just that operation. */
export type Handler<Id extends ServiceId, Operation extends keyof AllHandlers<ServiceModules[Id]>> = AllHandlers<
  ServiceModules[Id]
>[Operation];

/** The same operations as other services call them, in process, in one region. A missing one rejects with NotImplementedException. */
export type Calls = {
  [Id in ServiceId]: {
    [K in keyof ServiceModules[Id] as OperationName<K>]: (
      input: InputOf<ServiceModules[Id][K]>,
    ) => Promise<AnswerOf<OutputOf<ServiceModules[Id][K]>>>;
  };
};
