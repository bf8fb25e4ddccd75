import { defineOperation } from '../../../define-operation.js';
import { page } from '../page.js';
import { shownValue } from '../parameter-answer.js';
import { findVersion, REFERENCE, type SsmState } from '../ssm-state.js';

export const getParameterHistory = defineOperation('ssm', 'GetParameterHistory').as({
  constraints: { Name: REFERENCE, MaxResults: { range: [1, 50] } },
  run(state: SsmState, input, { region }) {
    const [parameter] = findVersion(state.in(region), input.Name);
    const { items, next } = page(parameter.versions, {
      of: `ssm.GetParameterHistory ${parameter.name}`,
      keyOf: ({ version }) => String(version).padStart(12, '0'),
      token: input.NextToken,
      size: input.MaxResults ?? 50,
    });
    return {
      Parameters: items.map((version) => ({
        Name: parameter.name,
        Type: version.type,
        KeyId: version.keyId,
        LastModifiedDate: version.lastModified,
        Description: version.description,
        Value: shownValue(input, version),
        AllowedPattern: version.allowedPattern,
        Version: version.version,
        Labels: [...version.labels],
        Tier: version.tier,
        Policies: [],
        DataType: version.dataType,
      })),
      NextToken: next,
    };
  },
});
