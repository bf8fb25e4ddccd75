// Answers that API Gateway itself gives, by their response types, as AWS words them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
import type { GatewayResponseType } from '@aws-sdk/client-api-gateway';

interface Default {
  status: number;
  message: string;
  /** What `x-amzn-ErrorType` says. */
  errorType: string;
}

const DEFAULTS = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource', 'AccessDeniedException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error', 'AuthorizerConfigurationException'],
  AUTHORIZER_FAILURE: [500, 'Internal server error', 'AuthorizerConfigurationException'],
  BAD_REQUEST_BODY: [400, 'Invalid request body', 'BadRequestException'],
  BAD_REQUEST_PARAMETERS: [400, 'Invalid request parameters', 'BadRequestException'],
  INTEGRATION_FAILURE: [504, 'Network error communicating with endpoint', 'InternalServerErrorException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  INVALID_API_KEY: [403, 'Forbidden', 'ForbiddenException'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  REQUEST_TOO_LARGE: [413, 'HTTP content length exceeded 10485760 bytes.', 'RequestTooLargeException'],
  RESOURCE_NOT_FOUND: [404, 'Not Found', 'NotFoundException'],
  UNAUTHORIZED: [401, 'Unauthorized', 'UnauthorizedException'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type', 'BadRequestException'],
} as const satisfies Partial<
  Record<GatewayResponseType, readonly [status: number, message: string, errorType: string]>
>;

export type FaultType = keyof typeof DEFAULTS;

/** Ends a request with one of the answers that an API may word itself. */
export class GatewayFault extends Error {
  readonly type: FaultType;
  readonly status: number;
  readonly errorType: string;

  /** @param status another than the type's own, such as 502 for a function's answer that is none */
  constructor(type: FaultType, { message, status }: { message?: string; status?: number } = {}) {
    const known: Default = toDefault(type);
    super(message ?? known.message);
    this.type = type;
    this.status = status ?? known.status;
    this.errorType = known.errorType;
  }
}

function toDefault(type: FaultType): Default {
  const [status, message, errorType] = DEFAULTS[type];
  return { status, message, errorType };
}

/** A function's answer that HTTP cannot carry, or a function that failed. */
export const badAnswer = (): GatewayFault =>
  new GatewayFault('INTEGRATION_FAILURE', { status: 502, message: 'Internal server error' });

export const misconfigured = (): GatewayFault => new GatewayFault('API_CONFIGURATION_ERROR');
