import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { page } from './page.js';
import { matchesFilter } from './parameter-filter.js';
import { findVersion, latest, type Parameter, type Parameters, parameterNotFound } from './ssm-state.js';

type ManageHandlers = Pick<
  Handlers<'ssm'>,
  | 'DeleteParameter'
  | 'DeleteParameters'
  | 'DescribeParameters'
  | 'LabelParameterVersion'
  | 'UnlabelParameterVersion'
  | 'AddTagsToResource'
  | 'RemoveTagsFromResource'
  | 'ListTagsForResource'
>;

const MOST_LABELS = 10;

export function manageParameters(parametersIn: (region: string) => Parameters): ManageHandlers {
  const tagged = (region: string, type: string | undefined, id: string): Parameter => {
    const parameter = type === 'Parameter' ? parametersIn(region).get(id) : undefined;
    if (!parameter)
      throw new AwsError(
        'InvalidResourceId',
        'The resource ID is not valid. Verify that you entered the correct ID and try again.',
      );
    return parameter;
  };
  return {
    DeleteParameter(input, { region }) {
      validate(input, { Name: { min: 1, max: 2048 } });
      if (!parametersIn(region).delete(input.Name)) throw parameterNotFound();
      return {};
    },

    DeleteParameters(input, { region }) {
      validate(input, { Names: { min: 1, max: 10 } });
      const parameters = parametersIn(region);
      const names = [...new Set(input.Names)];
      const DeletedParameters = names.filter((name) => parameters.delete(name));
      return { DeletedParameters, InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)) };
    },

    DescribeParameters(input, { region }) {
      validate(input, { MaxResults: { range: [1, 50] } });
      if (input.Filters && input.ParameterFilters) {
        throw new AwsError(
          'ValidationException',
          'You can use either Filters or ParameterFilters in a single request.',
        );
      }
      const filters = [
        ...(input.ParameterFilters ?? []),
        ...(input.Filters ?? []).map(({ Key, Values }) => ({ Key, Values, Option: undefined })),
      ];
      const wanted = [...parametersIn(region).values()].filter((parameter) =>
        filters.every((filter) => matchesFilter(parameter, filter)),
      );
      const { items, NextToken } = page(wanted, ({ name }) => name, input.NextToken, input.MaxResults ?? 10);
      return { Parameters: items.map(describe), NextToken };
    },

    LabelParameterVersion(input, { region }) {
      validate(input, { Name: { min: 1, max: 2048 }, Labels: { min: 1, max: MOST_LABELS } });
      const reference = input.ParameterVersion === undefined ? input.Name : `${input.Name}:${input.ParameterVersion}`;
      const [parameter, version] = findVersion(parametersIn(region), reference);
      const isValid = (label: string): boolean =>
        /^[a-zA-Z0-9_.-]{1,100}$/.test(label) && !/^(?:\d|aws|ssm)/i.test(label);
      const valid = input.Labels.filter(isValid);
      if (new Set([...version.labels, ...valid]).size > MOST_LABELS) {
        throw new AwsError(
          'ParameterVersionLabelLimitExceeded',
          `A parameter version can have a maximum of ${MOST_LABELS} labels.`,
        );
      }
      // A label is on one version at a time.
      for (const label of valid) {
        for (const other of parameter.versions) other.labels.delete(label);
        version.labels.add(label);
      }
      return { InvalidLabels: input.Labels.filter((label) => !isValid(label)), ParameterVersion: version.version };
    },

    UnlabelParameterVersion(input, { region }) {
      const [, version] = findVersion(parametersIn(region), `${input.Name}:${input.ParameterVersion}`);
      const RemovedLabels = input.Labels.filter((label) => version.labels.delete(label));
      return { RemovedLabels, InvalidLabels: input.Labels.filter((label) => !RemovedLabels.includes(label)) };
    },

    AddTagsToResource(input, { region }) {
      const { tags } = tagged(region, input.ResourceType, input.ResourceId);
      for (const { Key, Value } of input.Tags) tags.set(Key, Value);
      return {};
    },

    RemoveTagsFromResource(input, { region }) {
      const { tags } = tagged(region, input.ResourceType, input.ResourceId);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource(input, { region }) {
      const { tags } = tagged(region, input.ResourceType, input.ResourceId);
      return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function describe(parameter: Parameter) {
  const version = latest(parameter);
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: version.lastModified,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}
