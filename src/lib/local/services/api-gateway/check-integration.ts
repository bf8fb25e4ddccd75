import type { Integration } from '@aws-sdk/client-api-gateway';
import { badRequest } from './rest-state.js';

/** @throws AwsError BadRequestException for what AWS refuses, and by name for what is not here */
export function checkIntegration({
  type,
  uri,
  timeoutInMillis,
  connectionType,
  responseTransferMode,
}: Integration): void {
  if (type === 'HTTP' || type === 'HTTP_PROXY' || connectionType === 'VPC_LINK') {
    throw badRequest(
      `${connectionType === 'VPC_LINK' ? 'VPC_LINK' : type} integrations are not implemented at this endpoint.`,
    );
  }
  if (responseTransferMode === 'STREAM') {
    throw badRequest('responseTransferMode STREAM is not implemented at this endpoint.');
  }
  if (type !== 'MOCK' && (uri === undefined || !/^arn:aws[a-z-]*:apigateway:/.test(uri))) {
    throw badRequest('Invalid ARN specified in the request');
  }
  if (type === 'AWS_PROXY' && !uri?.includes(':lambda:path/')) {
    throw badRequest(
      'Integrations of type AWS_PROXY currently only supports Lambda function and Firehose stream invocations.',
    );
  }
  if (timeoutInMillis !== undefined && (timeoutInMillis < 50 || timeoutInMillis > 29_000)) {
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  }
}
