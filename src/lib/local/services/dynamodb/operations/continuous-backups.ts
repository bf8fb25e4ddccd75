import { defineOperation } from '../../../define-operation.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import type { Table } from '../table.js';

export const describeContinuousBackups = defineOperation('dynamodb', 'DescribeContinuousBackups').as({
  run: (state: DynamoDbState, input, context) => described(state, state.anyTable(input.TableName, context)),
});

export const updateContinuousBackups = defineOperation('dynamodb', 'UpdateContinuousBackups').as({
  constraints: { PointInTimeRecoverySpecification: { members: { RecoveryPeriodInDays: { range: [1, 35] } } } },
  gaps: ['Point-in-time recovery is remembered; nothing can be restored.'],
  run(state: DynamoDbState, input, context) {
    const table = state.anyTable(input.TableName, context);
    const { PointInTimeRecoveryEnabled: isOn, RecoveryPeriodInDays: days = 35 } =
      input.PointInTimeRecoverySpecification;
    table.recovery = isOn ? { days, sinceMs: table.recovery?.sinceMs ?? state.nowMs } : undefined;
    return described(state, table);
  },
});

const described = ({ nowMs }: DynamoDbState, { recovery }: Table) => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED' as const,
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED' as const,
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(recovery.sinceMs),
          LatestRestorableDateTime: new Date(nowMs),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' as const },
  },
});
