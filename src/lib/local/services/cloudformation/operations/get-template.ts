import type { TemplateStage } from '@aws-sdk/client-cloudformation';
import { defineOperation } from '../../../define-operation.js';
import { requiredCapability } from '../define-stack.js';
import { readTemplateText } from '../read-template-text.js';
import type { ServiceContext } from '../service-context.js';
import type { StackDefinition } from '../stack.js';
import { checkTemplate } from '../template/check-template.js';
import { readTemplate } from '../template/read-template.js';
import type { Template } from '../template/template.js';
import type { ValueMap } from '../template/value.js';
import type { TypeCatalog } from '../type-catalog.js';
import { invalid } from '../validation-error.js';

/** What a template says of itself. */
export const getTemplate = defineOperation('cloudformation', 'GetTemplate').as({
  run(service: ServiceContext, input, context) {
    const store = service.store(context);
    if (input.ChangeSetName !== undefined) {
      const { definition } = service.changeSet(input.ChangeSetName, input.StackName, context);
      return templateAnswer(definition, input.TemplateStage);
    }
    if (input.StackName === undefined) throw invalid('Either StackName or ChangeSetName must be specified.');
    const stack = store.get(input.StackName);
    return templateAnswer(stack.definition, input.TemplateStage);
  },
});

export const getTemplateSummary = defineOperation('cloudformation', 'GetTemplateSummary').as({
  async run(service: ServiceContext, input, context) {
    const stack = input.StackName === undefined ? undefined : service.store(context).get(input.StackName);
    const template =
      stack?.definition.template ??
      readTemplate(await readTemplateText(input, service.environment.calls(context.region)));
    const types = [...template.resources.values()].map(({ type }) => type);
    return {
      ...about(template, service.types),
      Parameters: [...template.parameters].map(([name, declaration]) => ({
        ParameterKey: name,
        DefaultValue: declaration.default,
        ParameterType: declaration.type,
        NoEcho: declaration.noEcho,
        Description: declaration.description,
        ParameterConstraints: { AllowedValues: declaration.allowedValues },
      })),
      ResourceTypes: types,
      Version: '2010-09-09',
      Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
      DeclaredTransforms: template.transforms,
    };
  },
});

export const validateTemplate = defineOperation('cloudformation', 'ValidateTemplate').as({
  async run(service: ServiceContext, input, context) {
    const template = readTemplate(await readTemplateText(input, service.environment.calls(context.region)));
    if (!template.isDraft) checkTemplate(template, service.types);
    return {
      ...about(template, service.types),
      Parameters: [...template.parameters].map(([name, declaration]) => ({
        ParameterKey: name,
        DefaultValue: declaration.default,
        NoEcho: declaration.noEcho,
        Description: declaration.description,
      })),
      DeclaredTransforms: template.transforms,
    };
  },
});

/** As it was given, or, by default, as its transforms wrote it out. */
function templateAnswer({ template, templateText }: StackDefinition, stage: TemplateStage = 'Processed') {
  const isExpanded = stage === 'Processed' && template.transforms.length > 0;
  return {
    TemplateBody: isExpanded ? JSON.stringify(withoutTransform(template), null, 2) : templateText,
    StagesAvailable: ['Original' as const, 'Processed' as const],
  };
}

function withoutTransform({ processed }: Template): ValueMap {
  const { Transform: _, ...rest } = processed;
  return rest;
}

const NESTED = 'AWS::CloudFormation::Stack';

/** A nested stack may have anything in it, so AWS names for it what that anything could need; a transform is to be acknowledged. */
function about(template: Template, types: TypeCatalog) {
  const required = requiredCapability(template, { types });
  const isNesting = [...template.resources.values()].some(({ type }) => type === NESTED);
  const expands = isNesting || template.transforms.length > 0;
  const forResources = isNesting ? 'CAPABILITY_NAMED_IAM' : required?.capability;
  const asking = [...(required?.types ?? []), ...(isNesting ? [NESTED] : [])];
  const capabilities = [
    ...(forResources === undefined ? [] : [forResources]),
    ...(expands ? ['CAPABILITY_AUTO_EXPAND' as const] : []),
  ];
  return {
    Description: template.description,
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    CapabilitiesReason:
      asking.length > 0 ? `The following resource(s) require capabilities: [${asking.join(', ')}]` : undefined,
  };
}
