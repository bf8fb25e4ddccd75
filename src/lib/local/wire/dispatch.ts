// One request's way: guard, plain routes, route, decode, fault, operation, encode, answer.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AllServices } from '../calls.js';
import type { Fault, FaultHooks } from '../faults.js';
import { AwsError } from './aws-error.js';
import { asSerializationError } from './bad-input.js';
import { discard } from './discard.js';
import { inputTwice, textOf } from './fault-input.js';
import {
  disarm,
  foreignHost,
  isHopeless,
  isOpenTo,
  isOwnHost,
  mayRun,
  refusal,
  type Sender,
  senderOf,
} from './guard.js';
import type { OperationContext } from './handlers.js';
import { notImplemented } from './not-implemented.js';
import { bodyLimitBytes, decodeInput, encodeError, encodeOutput } from './protocols.js';
import { credentialScope, type Route, route, Unroutable } from './router.js';
import { unsendable } from './unsendable.js';
import type { WireReply, WireRequest } from './wire-request.js';

/** What a request is answered with, besides what its bytes say. */
export interface DispatchOptions {
  accountId: string;
  faults: FaultHooks;
  /** Further host names the endpoint is reached by. */
  allowedHosts: ReadonlySet<string>;
  /** Plain HTTP beside the services; asked in order, before any service. */
  plainRoutes: readonly PlainRoute[];
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  log(line: string): void;
}

/** Finds requests that are not AWS operations: health, control, function URLs. Undefined passes the request on. */
export type PlainRoute = (request: WireRequest) => PlainAnswer | undefined;

export interface PlainAnswer {
  /** The least trusted sender that gets the answer: `program` unless there is a reason, `page` to let web pages in. */
  openTo: Sender;
  /** Called for senders that get it alone: nothing has happened before. */
  reply(): Promise<WireReply> | WireReply;
}

type AnyHandler = (input: unknown, context: OperationContext) => unknown;

export type Dispatch = (request: WireRequest) => Promise<WireReply>;

export function createDispatch(services: AllServices, options: DispatchOptions): Dispatch {
  const answer = async (request: WireRequest): Promise<WireReply> => {
    if (!isOwnHost(request.host, options.allowedHosts)) return refuse(foreignHost(request.host));
    const sender = senderOf(request);
    const requestId = randomUUID();
    let found: Route | undefined;
    try {
      for (const plain of options.plainRoutes) {
        const answered = plain(request);
        if (answered)
          return await (isOpenTo(answered.openTo, sender) ? answered.reply() : refuseSender(sender, request));
      }
      // Before anything is read of its body.
      if (isHopeless(sender, request)) return refuseSender(sender, request);
      found = await route(request);
      const mayIt = mayRun(found.operation.point, sender, request);
      const refused = mayIt === true ? undefined : denied(refusal(sender, request.headers));
      if (refused && mayIt === false) throw refused;
      const input = await decodeInput(found, request);
      const context = createContext(request, requestId, options.accountId);
      if (refused) context.unlessPublic = refused;
      const output = await run(found, handlerOf(services, found), input, context, options);
      return await sendable(encodeOutput(found, (output ?? {}) as Record<string, unknown>, requestId));
    } catch (error) {
      const answered = asAwsError(error, found, request, options.log);
      const protocol = error instanceof Unroutable ? error.protocol : (found?.protocol ?? 'restJson1');
      return encodeError({ ...(found && { service: found.service }), protocol }, answered, requestId);
    }
  };
  return async (request) => disarm(await answer(request));
}

const denied = (why: string): AwsError => new AwsError('AccessDenied', `pipectl: ${why}`, { status: 403 });

const refuseSender = (sender: Sender, { headers }: WireRequest): WireReply => refuse(refusal(sender, headers));

const refuse = (why: string): WireReply => ({
  status: 403,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
  body: JSON.stringify({ __type: 'AccessDeniedException', message: `pipectl: ${why}` }),
});

/**
 * What an answer's headers say comes from a request, this one or the one that stored it.
 * @throws AwsError InvalidArgument, in S3's words, if HTTP cannot carry it
 */
async function sendable(reply: WireReply): Promise<WireReply> {
  const name = unsendable(reply);
  if (name === undefined) return reply;
  await discard(reply.body);
  const members = { ArgumentName: name };
  throw new AwsError('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
    status: 400,
    members,
  });
}

function handlerOf(services: AllServices, { service, operation }: Route): AnyHandler {
  const handlers = (services as Record<string, Record<string, AnyHandler> | undefined>)[service.id];
  const handler = handlers?.[operation.name];
  if (handler) return handler;
  throw notImplemented(service.id, operation.name);
}

/** The signal is made when an operation asks for it. */
function createContext(request: WireRequest, requestId: string, accountId: string): OperationContext {
  return {
    requestId,
    region: credentialScope(request)?.region ?? 'us-east-1',
    accountId,
    get signal() {
      return request.signal();
    },
    origin: 'wire',
    headers: request.headers,
  };
}

async function run(
  { operation, service }: Route,
  handler: AnyHandler,
  input: Record<string, unknown>,
  context: OperationContext,
  { faults, sleep }: DispatchOptions,
): Promise<unknown> {
  const fault = faults.take(operation.point, () => textOf(input));
  if (!fault) return handler(input, context);
  if (fault.delayMs !== undefined) await sleep(fault.delayMs, context.signal);
  if (fault.kind === 'error') throw injected(fault);
  if (fault.kind === 'drop') return {};
  if (fault.kind === 'duplicate') {
    const [first, second] = await inputTwice(input, bodyLimitBytes(service.id));
    const unused = (await handler(first, context)) as Record<string, unknown> | undefined;
    for (const value of Object.values(unused ?? {})) if (value instanceof Readable) value.destroy();
    return handler(second, context);
  }
  return handler(input, context);
}

const injected = ({ code, message }: Fault): AwsError =>
  new AwsError(code ?? 'InternalFailure', message ?? 'a fault was injected here', code ? {} : { status: 500 });

function asAwsError(
  error: unknown,
  found: Route | undefined,
  request: WireRequest,
  log: (line: string) => void,
): AwsError {
  const read = asSerializationError(error);
  if (read instanceof AwsError) return read;
  const where = found ? found.operation.point : 'a request';
  // An operation that stops because its client went away has not failed.
  if (error !== request.signal().reason) {
    log(`${where} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return new AwsError('InternalFailure', `pipectl's local endpoint failed in ${where}; its log tells why`, {
    status: 500,
  });
}
