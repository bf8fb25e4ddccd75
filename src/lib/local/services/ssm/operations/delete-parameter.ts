import { defineOperation } from '../../../define-operation.js';
import { parameterNotFound, REFERENCE, type SsmState } from '../ssm-state.js';

export const deleteParameter = defineOperation('ssm', 'DeleteParameter').as({
  constraints: { Name: REFERENCE },
  run(state: SsmState, input, { region }) {
    if (!state.in(region).delete(input.Name)) throw parameterNotFound();
    return {};
  },
});
