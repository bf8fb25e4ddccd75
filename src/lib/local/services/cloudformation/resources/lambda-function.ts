import type { Architecture, Runtime } from '@aws-sdk/client-lambda';
import { inlineZip } from '../inline-zip.js';
import { tagChanges, tagMap } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { TemplateFault } from '../run/failure-reason.js';
import type { LambdaFunctionProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export const lambdaFunction = defineResourceType<LambdaFunctionProperties>({
  type: 'AWS::Lambda::Function',
  effective: [
    'FunctionName',
    'PackageType',
    'Code',
    'Role',
    'Runtime',
    'Handler',
    'Description',
    'Timeout',
    'MemorySize',
    'Environment',
    'Architectures',
    'Layers',
    'ReservedConcurrentExecutions',
    'DeadLetterConfig',
    'EphemeralStorage',
    'KmsKeyArn',
    'LoggingConfig',
    'TracingConfig',
    'Tags',
  ],
  nameProperty: 'FunctionName',

  async create(request) {
    const { calls, properties: wanted } = request;
    const name = wanted.FunctionName ?? request.generateName({ maxLength: 64 });
    const created = await calls.lambda.CreateFunction({
      ...configuration(wanted),
      FunctionName: name,
      PackageType: wanted.PackageType,
      Architectures: wanted.Architectures as Architecture[] | undefined,
      Code: await packageOf(wanted),
      Tags: tagMap(request),
    });
    request.initiated(name);
    await untilReady(name, request);
    if (wanted.ReservedConcurrentExecutions !== undefined)
      await reserve(name, wanted.ReservedConcurrentExecutions, request);
    return { physicalId: name, attributes: { Arn: created.FunctionArn } };
  },

  async update(request) {
    const { calls, physicalId: name, properties: wanted } = request;
    // The name of an inline file follows the runtime.
    const isRenamed = wanted.Code.ZipFile !== undefined && request.changed('Runtime');
    if (request.changed('Code', 'Architectures') || isRenamed) {
      await calls.lambda.UpdateFunctionCode({
        FunctionName: name,
        Architectures: wanted.Architectures as Architecture[] | undefined,
        ...(await packageOf(wanted)),
      });
      await untilReady(name, request);
    }
    const { FunctionArn: arn } = await calls.lambda.UpdateFunctionConfiguration({
      FunctionName: name,
      ...resetToDefaults(configuration(wanted)),
    });
    await untilReady(name, request);
    if (request.changed('ReservedConcurrentExecutions'))
      await reserve(name, wanted.ReservedConcurrentExecutions, request);
    const { add, remove } = tagChanges(request);
    if (Object.keys(add).length > 0) await calls.lambda.TagResource({ Resource: arn, Tags: add });
    if (remove.length > 0) await calls.lambda.UntagResource({ Resource: arn, TagKeys: remove });
    return { physicalId: name, attributes: { Arn: arn } };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.lambda.DeleteFunction({ FunctionName: physicalId }));
  },
});

const configuration = (wanted: LambdaFunctionProperties) => ({
  Role: wanted.Role,
  Runtime: wanted.Runtime as Runtime | undefined,
  Handler: wanted.Handler,
  Description: wanted.Description,
  Timeout: wanted.Timeout,
  MemorySize: wanted.MemorySize,
  Environment: wanted.Environment,
  Layers: wanted.Layers,
  DeadLetterConfig: wanted.DeadLetterConfig,
  EphemeralStorage: wanted.EphemeralStorage,
  KMSKeyArn: wanted.KmsKeyArn,
  LoggingConfig: wanted.LoggingConfig,
  TracingConfig: wanted.TracingConfig,
});

/** UpdateFunctionConfiguration leaves alone what it is not told; a property that left the template goes back to Lambda's default. */
const resetToDefaults = (wanted: ReturnType<typeof configuration>) => ({
  ...wanted,
  Description: wanted.Description ?? '',
  Timeout: wanted.Timeout ?? 3,
  MemorySize: wanted.MemorySize ?? 128,
  Environment: wanted.Environment ?? { Variables: {} },
  Layers: wanted.Layers ?? [],
  EphemeralStorage: wanted.EphemeralStorage ?? { Size: 512 },
  LoggingConfig: wanted.LoggingConfig ?? { LogFormat: 'Text' as const },
  TracingConfig: wanted.TracingConfig ?? { Mode: 'PassThrough' as const },
});

/** Inline source becomes a zip with one file, `index`, as CloudFormation makes it; the rest goes to Lambda as it is. */
async function packageOf({ Code, Runtime: runtime = '' }: LambdaFunctionProperties) {
  const { ZipFile: source, SourceKMSKeyArn, ...elsewhere } = Code;
  if (source === undefined) return { ...elsewhere, SourceKMSKeyArn };
  if (/^nodejs/.test(runtime)) return { ZipFile: await inlineZip('index.js', source) };
  if (/^python/.test(runtime)) return { ZipFile: await inlineZip('index.py', source) };
  throw new TemplateFault(
    `Resource handler returned message: "ZipFile can only be used when Runtime is set to either of nodejs or python; it is ${runtime || 'not set'}"`,
  );
}

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

const untilReady = (name: string, surroundings: Surroundings): Promise<void> =>
  waitUntil(`Function ${name}`, surroundings, async () => {
    const { State, LastUpdateStatus, StateReason } = await surroundings.calls.lambda.GetFunctionConfiguration({
      FunctionName: name,
    });
    if (State === 'Failed') throw new TemplateFault(StateReason ?? `Function ${name} is in state Failed`);
    return (State ?? 'Active') === 'Active' && (LastUpdateStatus ?? 'Successful') === 'Successful';
  });

async function reserve(name: string, count: number | undefined, { calls }: Surroundings): Promise<void> {
  if (count === undefined) await calls.lambda.DeleteFunctionConcurrency({ FunctionName: name });
  else await calls.lambda.PutFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions: count });
}
