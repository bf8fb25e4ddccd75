import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { page } from '../page.js';
import { matchesFilter } from '../parameter-filter.js';
import { latest, type Parameter, type SsmState } from '../ssm-state.js';

export const describeParameters = defineOperation('ssm', 'DescribeParameters').as({
  constraints: { MaxResults: { range: [1, 50] } },
  run(state: SsmState, input, { region }) {
    if (input.Filters && input.ParameterFilters) {
      throw new AwsError('ValidationException', 'You can use either Filters or ParameterFilters in a single request.');
    }
    const filters = [
      ...(input.ParameterFilters ?? []),
      ...(input.Filters ?? []).map(({ Key, Values }) => ({ Key, Values, Option: undefined })),
    ];
    const wanted = [...state.in(region).values()].filter((parameter) =>
      filters.every((filter) => matchesFilter(parameter, filter)),
    );
    const { items, next } = page(wanted, {
      of: 'ssm.DescribeParameters',
      keyOf: ({ name }) => name,
      token: input.NextToken,
      size: input.MaxResults ?? 10,
    });
    return { Parameters: items.map(describe), NextToken: next };
  },
});

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
