import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { encrypt } from './encrypt.js';
import { page } from './page.js';
import { matchesFilter } from './parameter-filter.js';
import { findVersion, latest, type Parameter, type Parameters, type ParameterVersion } from './ssm-state.js';

type ReadHandlers = Pick<
  Handlers<'ssm'>,
  'GetParameter' | 'GetParameters' | 'GetParametersByPath' | 'GetParameterHistory'
>;

/** What GetParametersByPath takes, of all the filters there are. */
const PATH_FILTERS = ['Type', 'KeyId', 'Label'];

/** Values of SecureStrings come in clear only where decryption is asked for: who forgets to should hear of it here. */
export function readParameters(parametersIn: (region: string) => Parameters): ReadHandlers {
  return {
    GetParameter(input, { region }) {
      validate(input, { Name: { min: 1, max: 2048 } });
      return { Parameter: describe(input, ...findVersion(parametersIn(region), input.Name)) };
    },

    GetParameters(input, { region }) {
      validate(input, { Names: { min: 1, max: 10 } });
      const parameters = parametersIn(region);
      const InvalidParameters: string[] = [];
      const Parameters = [...new Set(input.Names)].flatMap((name) => {
        try {
          return [describe(input, ...findVersion(parameters, name))];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          InvalidParameters.push(name);
          return [];
        }
      });
      return { Parameters, InvalidParameters };
    },

    GetParametersByPath(input, { region }) {
      validate(input, { Path: { min: 1, max: 2048 }, MaxResults: { range: [1, 10] } });
      if (!input.Path.startsWith('/')) {
        throw new AwsError(
          'ValidationException',
          'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
        );
      }
      const under = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
      const wanted = [...parametersIn(region).values()].filter(
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
      const { items, NextToken } = page(found, ({ name }) => name, input.NextToken, input.MaxResults ?? 10);
      return {
        Parameters: items.map((parameter) => describe(input, parameter, labelled(parameter, labels))),
        NextToken,
      };
    },

    GetParameterHistory(input, { region }) {
      validate(input, { Name: { min: 1, max: 2048 }, MaxResults: { range: [1, 50] } });
      const [parameter] = findVersion(parametersIn(region), input.Name);
      const numberOf = ({ version }: ParameterVersion): string => String(version).padStart(12, '0');
      const { items, NextToken } = page(parameter.versions, numberOf, input.NextToken, input.MaxResults ?? 50);
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
        NextToken,
      };
    },
  };
}

/** The version that has one of the labels; without labels, the latest. */
const labelled = (parameter: Parameter, labels: readonly string[]): ParameterVersion =>
  parameter.versions.find((version) => labels.some((label) => version.labels.has(label))) ?? latest(parameter);

interface Asked {
  WithDecryption?: boolean | undefined;
}

const shownValue = ({ WithDecryption: inClear = false }: Asked, { type, value }: ParameterVersion): string =>
  type === 'SecureString' && !inClear ? encrypt(value) : value;

const describe = (asked: Asked, parameter: Parameter, version: ParameterVersion, selector?: string) => ({
  Name: parameter.name,
  Type: version.type,
  Value: shownValue(asked, version),
  Version: version.version,
  Selector: selector,
  LastModifiedDate: version.lastModified,
  ARN: parameter.arn,
  DataType: version.dataType,
});
