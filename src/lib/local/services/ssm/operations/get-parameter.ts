import { defineOperation } from '../../../define-operation.js';
import { answerParameter } from '../parameter-answer.js';
import { findVersion, REFERENCE, type SsmState } from '../ssm-state.js';

export const getParameter = defineOperation('ssm', 'GetParameter').as({
  constraints: { Name: REFERENCE },
  run: (state: SsmState, input, { region }) => ({
    Parameter: answerParameter(input, ...findVersion(state.in(region), input.Name)),
  }),
});
