import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../wire/aws-error.js';

/** Names that AWS's SDK for Java gives the services; CloudFormation's reasons carry them. */
const SERVICE_NAMES: Readonly<Record<string, string>> = { Logs: 'CloudWatchLogs', IAM: 'Iam', SSM: 'Ssm' };

/** What a template says wrong, found only when the resource's turn comes; its sentence is the whole reason. */
export class TemplateFault extends Error {}

/** A resource that something else made already: a stack must not take it over, and delete it one day. */
export class AlreadyExists extends Error {
  constructor(type: string, identifier: string) {
    super(`Resource of type '${type}' with identifier '${identifier}' already exists.`);
  }
}

/** A resource that did not become what it should, where no single answer of a service says so. */
export class NotStabilized extends Error {}

/**
 * Why a resource failed, as a stack event has it. A service's own error is wrapped as CloudFormation's resource handlers wrap it:
 * `Resource handler returned message: "…" (RequestToken: …, HandlerErrorCode: …)`.
 */
export function failureReason(error: unknown, type: string): string {
  if (error instanceof TemplateFault) return error.message;
  if (error instanceof AwsError) {
    const service = type.split('::')[1] ?? '';
    const status = error.status ?? 400;
    const detail = `(Service: ${SERVICE_NAMES[service] ?? service}, Status Code: ${status}, Request ID: ${randomUUID()})`;
    return handlerMessage(`${error.message} ${detail}`, handlerErrorCode(error));
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AlreadyExists) return handlerMessage(message, 'AlreadyExists');
  return handlerMessage(message, error instanceof NotStabilized ? 'NotStabilized' : 'InternalFailure');
}

const handlerMessage = (message: string, code: string): string =>
  `Resource handler returned message: "${message}" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`;

/** @see https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html */
function handlerErrorCode({ code, status }: AwsError): string {
  if (/NotFound|NoSuch/.test(code)) return 'NotFound';
  if (/AlreadyExist|AlreadyOwned|ResourceInUse|EntityAlreadyExists|ResourceConflict/.test(code)) return 'AlreadyExists';
  if (/LimitExceeded|QuotaExceeded/.test(code)) return 'ServiceLimitExceeded';
  if (/AccessDenied|NotAuthorized/.test(code)) return 'AccessDenied';
  if (/Throttl|TooManyRequests/.test(code)) return 'Throttling';
  if (/Conflict|DeleteConflict|NotEmpty/.test(code)) return 'ResourceConflict';
  if (/Invalid|Validation|Malformed|Unrecognized/.test(code)) return 'InvalidRequest';
  return (status ?? 400) >= 500 ? 'ServiceInternalError' : 'GeneralServiceException';
}
