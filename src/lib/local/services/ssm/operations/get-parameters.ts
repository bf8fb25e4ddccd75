import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { answerParameter } from '../parameter-answer.js';
import { findVersion, type SsmState } from '../ssm-state.js';

export const getParameters = defineOperation('ssm', 'GetParameters').as({
  constraints: { Names: { min: 1, max: 10 } },
  run(state: SsmState, input, { region }) {
    const InvalidParameters: string[] = [];
    const Parameters = [...new Set(input.Names)].flatMap((name) => {
      try {
        return [answerParameter(input, ...findVersion(state.in(region), name))];
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        InvalidParameters.push(name);
        return [];
      }
    });
    return { Parameters, InvalidParameters };
  },
});
