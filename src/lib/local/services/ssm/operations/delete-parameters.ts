import { defineOperation } from '../../../define-operation.js';
import type { SsmState } from '../ssm-state.js';

export const deleteParameters = defineOperation('ssm', 'DeleteParameters').as({
  constraints: { Names: { min: 1, max: 10 } },
  run(state: SsmState, input, { region }) {
    const names = [...new Set(input.Names)];
    const DeletedParameters = names.filter((name) => state.in(region).delete(name));
    return { DeletedParameters, InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)) };
  },
});
