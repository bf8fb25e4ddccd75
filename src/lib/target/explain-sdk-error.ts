import { formatDuration } from '../shared/duration.js';
import { OperationError, PipectlError } from '../shared/errors.js';
import { NoAnswer } from './bound-first-answer.js';
import { keysOfEnvironment } from './environment-keys.js';
import { UNREADABLE_ANSWER } from './kinesis-call.js';
import type { Target } from './target.js';

/** Names the SDK's credential providers give their errors, whichever provider it was. */
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const REFUSED_KEY = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError']);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
]);
/** What endpoints call an operation they do not know: AWS UnknownOperationException, others an error of the query protocol. */
const NOT_IMPLEMENTED = new Set([
  'NotImplemented',
  'NotImplementedException',
  'UnknownOperationException',
  'InvalidAction',
  'UnknownAction',
]);
const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNTIMEOUT']);
const SILENT = new Set(['EANSWERTIMEOUT']);
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_SESSION_ERROR']);
/** What comes of a TLS greeting to a server that speaks clear text. */
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO']);
/** Of the SDK's readers of JSON and of XML; the errors of services have names of their own. */
const PARSERS = new Set(['SyntaxError', 'Error']);
const TIMED_OUT = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);

/**
 * The one place where an error of the AWS SDK becomes a sentence: what was tried, what came of it, what to do next.
 * Callers that act on an error by its name (ResourceNotFoundException, say) do so before.
 * @returns undefined for what did not come from the SDK or the network: that is a bug, and must look like one
 */
export function explainSdkError(error: unknown, target: Target | undefined): PipectlError | undefined {
  if (error instanceof PipectlError) return error;
  if (!(error instanceof Error)) return undefined;
  const where = target?.endpointUrl ?? (target ? `AWS in ${target.region}` : 'the endpoint');

  if (error instanceof NoAnswer) {
    return new OperationError(`${where} gave no answer to ${error.call} within ${seconds(error.afterMs)}.`, {
      hint: howToWake(target),
      cause: error,
    });
  }
  if (NO_CREDENTIALS.has(error.name)) return noCredentials(error, target);
  if (error.name === 'EndpointError') {
    return new OperationError(`The AWS SDK has no endpoint to talk to: ${error.message}.`, {
      hint: 'Check the region, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, and the like in the AWS profile.',
      cause: error,
    });
  }
  const code = networkCode(error);
  if (code !== undefined) {
    if (NOBODY_THERE.has(code)) {
      return new OperationError(`Nothing answers at ${where} (${code}).`, { hint: howToStart(target), cause: error });
    }
    if (SILENT.has(code)) {
      return new OperationError(`${where} did not answer in time.`, { hint: howToWake(target), cause: error });
    }
    if (BROKEN_OFF.has(code)) {
      return new OperationError(`${where} broke the connection off (${code}).`, {
        hint: `Try again; if it stays so, ${whenItBreaks(target)}look at the endpoint's own log.`,
        cause: error,
      });
    }
    if (NO_TLS.has(code)) {
      return new OperationError(`${where} does not speak TLS (${code}).`, {
        hint: `Use ${target?.endpointUrl?.replace(/^https/, 'http') ?? 'its http:// URL'}.`,
        cause: error,
      });
    }
    if (/^(CERT_|DEPTH_|UNABLE_TO_|SELF_SIGNED|ERR_TLS|ERR_SSL)/.test(code)) {
      return new OperationError(`The TLS certificate of ${where} is not trusted (${code}).`, {
        hint: 'Set NODE_EXTRA_CA_CERTS to its certificate, or use its http:// URL.',
        cause: error,
      });
    }
  }
  if (TIMED_OUT.has(error.name)) {
    return new OperationError(`${where} did not answer in time.`, {
      hint: howToStart(target),
      cause: error,
    });
  }
  return isServiceError(error) ? explainServiceError(error, where, target) : undefined;
}

/** True when the endpoint knows the service and not the operation: LocalStack and its like lack some calls. */
export function isNotImplemented(error: unknown): boolean {
  if (!(error instanceof Error) || !isServiceError(error)) return false;
  return NOT_IMPLEMENTED.has(error.name) || error.$metadata.httpStatusCode === 501;
}

interface ServiceError extends Error {
  $metadata: { httpStatusCode?: number; requestId?: string };
  $fault?: string;
}

const isServiceError = (error: Error): error is ServiceError => '$metadata' in error;

function explainServiceError(error: ServiceError, where: string, target: Target | undefined): OperationError {
  const { name } = error;
  const status = error.$metadata.httpStatusCode;
  const said = error.message === '' || error.message === 'UnknownError' ? name : error.message;
  const make = (message: string, hint?: string) => new OperationError(message, { ...(hint && { hint }), cause: error });
  if (EXPIRED.has(name)) {
    return make(`The AWS credentials${ofProfile(target)} have expired.`, signIn(target));
  }
  if (REFUSED_KEY.has(name)) {
    return make(`${where} refuses the AWS credentials${ofProfile(target)}: ${said}`, signIn(target));
  }
  if (DENIED.has(name)) {
    return make(`Access denied: ${said}`, 'The identity in use needs a policy that allows this call.');
  }
  if (THROTTLED.has(name)) return make(`${where} throttles: ${said}`, 'Wait a little and try again.');
  if (name === 'LimitExceededException') {
    // Kinesis says so both of calls that come too fast and of what an account may have: its own words tell which.
    return make(`A limit of ${where}: ${said}`, 'Wait and try again, or have the limit raised.');
  }
  const nameless = (name === 'Unknown' || name === 'UnknownError') && error.$metadata.requestId === undefined;
  // The parser's own words are about a character of a web page, and tell of the SDK's inside.
  const unreadable = PARSERS.has(name) || name === UNREADABLE_ANSWER;
  const notAws = unreadable ? 'its answer is neither JSON nor XML' : said;
  const doesNotSpeak = () =>
    make(
      `What answers at ${where} does not speak AWS (HTTP ${status ?? 'status unknown'}: ${notAws}).`,
      'Check the URL; another program may have the port.',
    );
  if (unreadable) return doesNotSpeak();
  if (isNotImplemented(error)) {
    return make(`${where} does not implement this: ${said}`, 'Another target may: --local, --localstack or --aws.');
  }
  if (error.$fault === undefined || nameless) return doesNotSpeak();
  return make(`${name}: ${said}`, status !== undefined && status >= 500 ? `${where} failed; try again.` : undefined);
}

function noCredentials(error: Error, target: Target | undefined): OperationError {
  const detail = error.message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
  return new OperationError(`No usable AWS credentials${ofProfile(target)}: ${detail}.`, {
    hint: signIn(target),
    cause: error,
  });
}

const ofProfile = (target: Target | undefined): string => (target?.profile ? ` of the profile ${target.profile}` : '');

function signIn(target: Target | undefined): string {
  if (target && keysOfEnvironment(target)) {
    return 'They are those of AWS_ACCESS_KEY_ID: set fresh ones, or unset them, or name a profile with --profile.';
  }
  const login = target?.profile ? `aws sso login --profile ${target.profile}` : 'aws sso login';
  return `Sign in (\`${login}\`), name another profile with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
}

function howToStart(target: Target | undefined): string {
  if (target?.kind === 'local') {
    const port = target.endpointUrl === undefined ? '4566' : new URL(target.endpointUrl).port;
    return `Start it with \`pipectl local start${port === '4566' ? '' : ` --port ${port}`}\`.`;
  }
  if (target?.kind === 'localstack') {
    return 'Start LocalStack (`localstack start -d`), or leave --localstack out: `pipectl local start` needs no Docker.';
  }
  if (target?.kind === 'aws') return 'Check the network, the proxy and the region.';
  return `Check the URL${target ? ` (from ${target.why})` : ''}, and whether its server runs.`;
}

/** `30 s`, not `30.0 s`: it is a setting, no measurement. */
const seconds = (ms: number): string => formatDuration(ms).replace('.0 ', ' ');

/** A TLS server cuts off whoever speaks clear text to it. */
const whenItBreaks = (target: Target | undefined): string =>
  target?.endpointUrl?.startsWith('http:') ? `try ${target.endpointUrl.replace(/^http/, 'https')}, or ` : '';

/** For what took the connection: something runs there. */
function howToWake(target: Target | undefined): string {
  if (target?.kind === 'local')
    return 'It may hang: see `pipectl local logs`, then `pipectl local stop` and start again.';
  if (target?.kind === 'aws') return 'Check the network, the proxy and the region.';
  return `Something took the connection: check the URL${target ? ` (from ${target.why})` : ''}, and what runs there.`;
}

/**
 * The code of a network error, from the innermost one: HTTP/2 says only that its stream was cancelled, and Node, where it tried several
 * addresses, wraps what each one said.
 */
function networkCode(error: Error): string | undefined {
  const inner = error.cause instanceof Error ? networkCode(error.cause) : undefined;
  if (inner !== undefined) return inner;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    for (const each of error.errors) if (each instanceof Error && 'code' in each) return String(each.code);
  }
  return undefined;
}
