import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { findVersion, REFERENCE, type SsmState } from '../ssm-state.js';

const MOST_LABELS = 10;

/** LabelParameterVersion: a label is on one version at a time. */
export const labelParameterVersion = defineOperation('ssm', 'LabelParameterVersion').as({
  constraints: { Name: REFERENCE, Labels: { min: 1, max: MOST_LABELS } },
  run(state: SsmState, input, { region }) {
    const reference = input.ParameterVersion === undefined ? input.Name : `${input.Name}:${input.ParameterVersion}`;
    const [parameter, version] = findVersion(state.in(region), reference);
    const isValid = (label: string): boolean =>
      /^[a-zA-Z0-9_.-]{1,100}$/.test(label) && !/^(?:\d|aws|ssm)/i.test(label);
    const valid = input.Labels.filter(isValid);
    if (new Set([...version.labels, ...valid]).size > MOST_LABELS) {
      throw new AwsError(
        'ParameterVersionLabelLimitExceeded',
        `A parameter version can have a maximum of ${MOST_LABELS} labels.`,
      );
    }
    for (const label of valid) {
      for (const other of parameter.versions) other.labels.delete(label);
      version.labels.add(label);
    }
    return { InvalidLabels: input.Labels.filter((label) => !isValid(label)), ParameterVersion: version.version };
  },
});

export const unlabelParameterVersion = defineOperation('ssm', 'UnlabelParameterVersion').as({
  constraints: { Name: REFERENCE, Labels: { min: 1, max: MOST_LABELS } },
  run(state: SsmState, input, { region }) {
    const [, version] = findVersion(state.in(region), `${input.Name}:${input.ParameterVersion}`);
    const RemovedLabels = input.Labels.filter((label) => version.labels.delete(label));
    return { RemovedLabels, InvalidLabels: input.Labels.filter((label) => !RemovedLabels.includes(label)) };
  },
});
