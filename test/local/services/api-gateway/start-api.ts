// A real endpoint with a function, and REST APIs made by the real client.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  type PutIntegrationResponseCommandInput,
  PutMethodCommand,
  type PutMethodCommandInput,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import type { EndpointOptions } from '../../../../src/lib/local/start-endpoint.js';
import { type LambdaFixture, startLambda } from '../lambda/start-lambda.js';

export const functionUri = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

export interface MethodOptions {
  method?: Partial<PutMethodCommandInput>;
  integration: Partial<PutIntegrationCommandInput>;
  responses?: Partial<PutIntegrationResponseCommandInput>[];
}

export interface RestFixture extends LambdaFixture {
  api: APIGatewayClient;
  /** A new API; the answer names it and its root resource. */
  newApi(options?: Partial<CreateRestApiCommandInput>): Promise<{ id: string; rootId: string }>;
  /** A resource below another one. */
  resource(api: { id: string }, parentId: string, pathPart: string): Promise<string>;
  method(api: { id: string }, resourceId: string, httpMethod: string, options: MethodOptions): Promise<void>;
  deploy(api: { id: string }, stageName?: string, variables?: Record<string, string>): Promise<string>;
  /** The base URL of a stage. */
  url(api: { id: string }, stage?: string): string;
  /** A function that the API may invoke. */
  handler(name: string, code: string): Promise<void>;
}

export async function startApi(options: EndpointOptions = {}): Promise<RestFixture> {
  const fixture = await startLambda(options);
  const api = new APIGatewayClient({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    ...fixture,
    api,
    async newApi(more) {
      const made = await api.send(new CreateRestApiCommand({ name: 'test', ...more }));
      return { id: made.id ?? '', rootId: made.rootResourceId ?? '' };
    },
    async resource({ id: restApiId }, parentId, pathPart) {
      return (await api.send(new CreateResourceCommand({ restApiId, parentId, pathPart }))).id ?? '';
    },
    async method({ id: restApiId }, resourceId, httpMethod, { method, integration, responses = [] }) {
      const place = { restApiId, resourceId, httpMethod };
      await api.send(new PutMethodCommand({ ...place, authorizationType: 'NONE', ...method }));
      await api.send(
        new PutIntegrationCommand({ ...place, type: 'AWS_PROXY', integrationHttpMethod: 'POST', ...integration }),
      );
      for (const response of responses) {
        await api.send(new PutIntegrationResponseCommand({ ...place, statusCode: '200', ...response }));
      }
    },
    async deploy({ id: restApiId }, stageName = 'prod', variables) {
      return (await api.send(new CreateDeploymentCommand({ restApiId, stageName, variables }))).id ?? '';
    },
    url: ({ id }, stage = 'prod') => `${fixture.endpoint.url}/_aws/execute-api/${id}/${stage}`,
    async handler(name, code) {
      await fixture.create(name, { 'index.js': `exports.handler = async (event, context) => { ${code} };` });
      await fixture.lambda.send(
        new AddPermissionCommand({
          FunctionName: name,
          StatementId: 'api',
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        }),
      );
    },
    async close() {
      api.destroy();
      await fixture.close();
    },
  };
}
