import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import type { Clock } from '../../../../shared/clock.js';
import { UserPattern } from '../../../../shared/user-pattern.js';
import { defineOperation } from '../../../define-operation.js';
import { arnOf } from '../../../kit/arn.js';
import { newTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Checked } from '../../../wire/handlers.js';
import { checkName } from '../parameter-name.js';
import { type Parameter, type ParameterType, type ParameterVersion, REFERENCE, type SsmState } from '../ssm-state.js';
import { TAG_RULES } from '../tag-rules.js';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const MOST_BYTES = { Standard: 4096, Advanced: 8192 };
const MOST_VERSIONS = 100;

export const putParameter = defineOperation('ssm', 'PutParameter').as({
  constraints: {
    Name: REFERENCE,
    Description: { max: 1024 },
    Type: { enum: ['String', 'StringList', 'SecureString'] },
    Tier: { enum: ['Standard', 'Advanced', 'Intelligent-Tiering'] },
    AllowedPattern: { max: 1024 },
  },
  gaps: ['Parameter policies are refused.'],
  run(state: SsmState, input, context) {
    checkName(input.Name);
    if (input.Policies !== undefined && !/^(?:\[\s*\]|\{\s*\})?$/.test(input.Policies.trim()))
      throw new AwsError('InvalidPolicyTypeException', 'Parameter policies are not supported by this endpoint.');
    const parameters = state.in(context.region);
    const existing = parameters.get(input.Name);
    if (existing && !input.Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (existing && input.Tags && input.Tags.length > 0) {
      throw new AwsError(
        'ValidationException',
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const before = existing?.versions.at(-1);
    const version = nextVersion(input, before, state.clock);
    const parameter: Parameter = existing ?? {
      name: input.Name,
      arn: arnOf('ssm', context, `parameter${input.Name.startsWith('/') ? '' : '/'}${input.Name}`),
      tags: newTags(input.Tags, TAG_RULES),
      versions: [],
    };
    parameter.versions.push(version);
    // The oldest version goes; one with a label stays, and on AWS blocks the update.
    if (parameter.versions.length > MOST_VERSIONS) {
      if (parameter.versions[0] && parameter.versions[0].labels.size > 0) {
        parameter.versions.pop();
        throw new AwsError(
          'ParameterMaxVersionLimitExceeded',
          `You attempted to create a new version of ${input.Name} by calling the PutParameter API with the overwrite flag. Version ${parameter.versions[0].version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
        );
      }
      parameter.versions.shift();
    }
    parameters.set(input.Name, parameter);
    return { Version: version.version, Tier: version.tier };
  },
});

type PutParameterInput = Checked<PutParameterCommandInput>;

function nextVersion(input: PutParameterInput, before: ParameterVersion | undefined, clock: Clock): ParameterVersion {
  const type = (input.Type as ParameterType | undefined) ?? before?.type;
  if (type === undefined) {
    throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  }
  if (before && type !== before.type) {
    throw new AwsError(
      'HierarchyTypeMismatch',
      "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
    );
  }
  const bytes = Buffer.byteLength(input.Value);
  const tier = tierOf(input.Tier, before, bytes);
  if (bytes > MOST_BYTES[tier]) {
    throw new AwsError(
      'ValidationException',
      tier === 'Standard'
        ? 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
        : 'Advanced tier parameters support a maximum parameter value of 8192 characters.',
    );
  }
  if (input.Value === '') {
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  }
  if (input.AllowedPattern !== undefined) checkPattern(input.AllowedPattern, input.Value, type);
  return {
    version: (before?.version ?? 0) + 1,
    value: input.Value,
    type,
    lastModified: new Date(clock.now()),
    description: input.Description ?? before?.description,
    allowedPattern: input.AllowedPattern ?? before?.allowedPattern,
    keyId: type === 'SecureString' ? (input.KeyId ?? before?.keyId ?? 'alias/aws/ssm') : undefined,
    tier,
    dataType: input.DataType ?? before?.dataType ?? 'text',
    labels: new Set(),
  };
}

function tierOf(
  wanted: string | undefined,
  before: ParameterVersion | undefined,
  bytes: number,
): 'Standard' | 'Advanced' {
  if (wanted === 'Advanced' || before?.tier === 'Advanced') return 'Advanced';
  return wanted === 'Intelligent-Tiering' && bytes > MOST_BYTES.Standard ? 'Advanced' : 'Standard';
}

function checkPattern(source: string, value: string, type: ParameterType): void {
  const values = type === 'StringList' ? value.split(',') : [value];
  let matches: boolean;
  try {
    matches = new UserPattern(source).matchesAll(values);
  } catch {
    // No regular expression, or one that takes too long.
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The request does not meet the regular expression requirement: ${source}`,
    );
  }
  if (!matches) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${source}`,
    );
  }
}
