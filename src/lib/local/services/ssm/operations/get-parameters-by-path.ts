import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { page } from '../page.js';
import { answerParameter } from '../parameter-answer.js';
import { matchesFilter } from '../parameter-filter.js';
import { latest, type Parameter, type ParameterVersion, REFERENCE, type SsmState } from '../ssm-state.js';

/** What it takes, of all the filters there are. */
const PATH_FILTERS = ['Type', 'KeyId', 'Label'];

export const getParametersByPath = defineOperation('ssm', 'GetParametersByPath').as({
  constraints: { Path: REFERENCE, MaxResults: { range: [1, 10] } },
  run(state: SsmState, input, { region }) {
    if (!input.Path.startsWith('/')) {
      throw new AwsError(
        'ValidationException',
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
      );
    }
    const under = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
    const wanted = [...state.in(region).values()].filter(
      ({ name }) =>
        // A name without a slash stands in the root.
        (name.startsWith('/') ? name : `/${name}`).startsWith(under) &&
        (input.Recursive || !(name.startsWith('/') ? name : `/${name}`).slice(under.length).includes('/')),
    );
    const filters = input.ParameterFilters ?? [];
    const found = wanted.filter((parameter) =>
      filters.every((filter) => matchesFilter(parameter, filter, PATH_FILTERS)),
    );
    const labels = filters.flatMap(({ Key, Values = [] }) => (Key === 'Label' ? Values : []));
    const { items, next } = page(found, {
      of: 'ssm.GetParametersByPath',
      keyOf: ({ name }) => name,
      token: input.NextToken,
      size: input.MaxResults ?? 10,
    });
    return {
      Parameters: items.map((parameter) => answerParameter(input, parameter, labelled(parameter, labels))),
      NextToken: next,
    };
  },
});

/** The version that has one of the labels; without labels, the latest. */
const labelled = (parameter: Parameter, labels: readonly string[]): ParameterVersion =>
  parameter.versions.find((version) => labels.some((label) => version.labels.has(label))) ?? latest(parameter);
