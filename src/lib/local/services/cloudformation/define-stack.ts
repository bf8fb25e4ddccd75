import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../wire/aws-error.js';
import { readTemplateText } from './read-template-text.js';
import { resolveParameters } from './resolve-parameters.js';
import type { RunEnvironment } from './run/stack-run.js';
import type { Stack, StackDefinition } from './stack.js';
import { checkTemplate } from './template/check-template.js';
import { readProcessedTemplate, readTemplate } from './template/read-template.js';
import type { Template } from './template/template.js';
import { invalid } from './validation-error.js';

/** The members CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface DefinitionRequest {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
  UsePreviousTemplate?: boolean | undefined;
  Parameters?: Parameter[] | undefined;
  Tags?: Tag[] | undefined;
  Capabilities?: Capability[] | undefined;
  NotificationARNs?: string[] | undefined;
  RoleARN?: string | undefined;
}

/**
 * Everything a request says a stack should be, read and checked. What an update leaves out keeps its previous value.
 * @throws AwsError ValidationError, InsufficientCapabilitiesException
 */
export async function defineStack(
  request: DefinitionRequest,
  previous: Stack | undefined,
  environment: RunEnvironment,
): Promise<StackDefinition> {
  const before = previous?.definition;
  const usesPrevious = request.UsePreviousTemplate === true && before !== undefined;
  const templateText = usesPrevious ? before.templateText : await readTemplateText(request, environment.calls);
  const draft = readTemplate(templateText);
  if (!draft.isDraft) checkTemplate(draft, environment.types);
  const parameters = await resolveParameters(draft, request.Parameters ?? [], before?.parameters, environment.calls);
  const template = draft.isDraft ? await readProcessedTemplate(templateText, { ...environment, parameters }) : draft;
  if (draft.isDraft) checkTemplate(template, environment.types);
  const capabilities = request.Capabilities ?? [];
  checkCapabilities(template, capabilities, environment);
  checkTags(request.Tags ?? []);
  return {
    template,
    templateText,
    parameters,
    tags: request.Tags ?? before?.tags ?? [],
    capabilities,
    notificationArns: request.NotificationARNs ?? before?.notificationArns ?? [],
    roleArn: request.RoleARN ?? before?.roleArn,
  };
}

/** What services would refuse of a stack's tags, resource by resource, is refused once. */
function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50) throw invalid('Tags: a stack can have at most 50 tags.');
  const keys = tags.map(({ Key }) => Key ?? '');
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalid(`Tags: ${reserved} begins with aws:, which is reserved.`);
  const twice = keys.find((key, at) => keys.indexOf(key) < at);
  if (twice !== undefined) throw invalid(`Tags: ${twice} is given twice.`);
}

/**
 * Whoever creates or updates a stack without looking at a change set must know that the template is expanded on the way.
 * @throws AwsError InsufficientCapabilitiesException
 */
export function checkExpansion({ template, capabilities }: StackDefinition): void {
  if (template.transforms.length === 0 || capabilities.includes('CAPABILITY_AUTO_EXPAND')) return;
  throw new AwsError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]');
}

/** What a template must have acknowledged, and which of its types ask for it. */
export function requiredCapability(
  template: Template,
  environment: Pick<RunEnvironment, 'types'>,
): { capability: Capability; types: string[] } | undefined {
  const asking = [...template.resources.values()].filter(
    ({ type }) => environment.types.get(type)?.capability !== undefined,
  );
  if (asking.length === 0) return undefined;
  const isNamed = asking.some(({ type, properties }) => {
    const { nameProperty } = environment.types.get(type) ?? {};
    return nameProperty !== undefined && properties[nameProperty] !== undefined;
  });
  return {
    capability: isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    types: [...new Set(asking.map(({ type }) => type))],
  };
}

function checkCapabilities(template: Template, given: readonly Capability[], environment: RunEnvironment): void {
  const required = requiredCapability(template, environment)?.capability;
  if (required === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(required)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${required}]`);
}
