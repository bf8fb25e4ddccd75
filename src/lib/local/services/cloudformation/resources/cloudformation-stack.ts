import type { Stack } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../../wire/aws-error.js';
import { tagList } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, type Provisioned, type ResourceRequest } from '../resource-type.js';
import { TemplateFault } from '../run/failure-reason.js';
import type { CloudFormationStackProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

/** As long as a stack of slow functions may take. */
const PATIENCE_MS = 600_000;

/**
 * A stack in a stack, made, changed and deleted as any other, through this service's own operations.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
 */
export const cloudformationStack = defineResourceType<CloudFormationStackProperties>({
  type: 'AWS::CloudFormation::Stack',
  effective: ['TemplateURL', 'Parameters', 'NotificationARNs', 'Tags'],
  attributes: ['Outputs.*', 'StackId'],

  async create(request) {
    const name = request.generateName({ maxLength: 128 });
    request.adoptStack(name);
    const { StackId: id = '' } = await request.calls.cloudformation.CreateStack({
      ...definitionOf(request.properties, request),
      StackName: name,
      // What is left of a stack that fails goes with the rollback of the one around it, and tells why until then.
      OnFailure: 'DO_NOTHING',
    });
    request.initiated(id);
    const stack = await settled(id, request);
    if (stack?.StackStatus !== 'CREATE_COMPLETE')
      throw new TemplateFault(`Embedded stack ${id} was not successfully created: ${stack?.StackStatusReason ?? ''}`);
    return provisioned(id, stack);
  },

  async update(request) {
    const { calls, physicalId: id } = request;
    let isAsWanted = false;
    try {
      await calls.cloudformation.UpdateStack({ ...definitionOf(request.properties, request), StackName: id });
    } catch (error) {
      isAsWanted = error instanceof AwsError && error.message === 'No updates are to be performed.';
      if (!isAsWanted) throw error;
    }
    const stack = await settled(id, request);
    // One whose own update failed has gone back by itself to what the rollback around it now wants.
    if (stack && (isAsWanted || stack.StackStatus === 'UPDATE_COMPLETE')) return provisioned(id, stack);
    throw new TemplateFault(`Embedded stack ${id} was not successfully updated. ${await whyNot(id, request)}`);
  },

  async delete(request) {
    const { calls, physicalId: id } = request;
    await deleteIfThere(() => calls.cloudformation.DeleteStack({ StackName: id }));
    const stack = await settled(id, request);
    if (stack !== undefined && stack.StackStatus !== 'DELETE_COMPLETE')
      throw new TemplateFault(`Embedded stack ${id} was not successfully deleted: ${stack.StackStatusReason ?? ''}`);
  },
});

const definitionOf = (
  wanted: CloudFormationStackProperties,
  request: ResourceRequest<CloudFormationStackProperties>,
) => ({
  TemplateURL: wanted.TemplateURL,
  Parameters: Object.entries(wanted.Parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  })),
  Tags: tagList(request) ?? [],
  NotificationARNs: wanted.NotificationARNs,
  Capabilities: [...request.capabilities],
});

async function settled(id: string, surroundings: Surroundings): Promise<Stack | undefined> {
  let stack: Stack | undefined;
  await waitUntil(
    `Stack ${id}`,
    surroundings,
    async () => {
      const { Stacks } = await surroundings.calls.cloudformation.DescribeStacks({ StackName: id });
      stack = Stacks?.[0];
      return stack?.StackStatus?.endsWith('_IN_PROGRESS') !== true;
    },
    PATIENCE_MS,
  );
  return stack;
}

/** In which state a stack turned back, and why; by the time it has settled, its status does not say so any more. */
async function whyNot(id: string, { calls }: Surroundings): Promise<string> {
  const { StackEvents = [] } = await calls.cloudformation.DescribeStackEvents({ StackName: id });
  const turn = StackEvents.find(
    ({ PhysicalResourceId, ResourceStatusReason: reason }) => PhysicalResourceId === id && reason !== undefined,
  );
  return `Currently in ${turn?.ResourceStatus} with reason: ${turn?.ResourceStatusReason ?? ''}`;
}

const provisioned = (id: string, { Outputs = [] }: Stack): Provisioned => ({
  physicalId: id,
  attributes: {
    StackId: id,
    ...Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [`Outputs.${OutputKey}`, OutputValue])),
  },
});
