import { defineOperation } from '../../../define-operation.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { TimeToLive } from '../time-to-live.js';

export const updateTimeToLive = defineOperation('dynamodb', 'UpdateTimeToLive').as({
  constraints: { TimeToLiveSpecification: { members: { AttributeName: { min: 1, max: 255 } } } },
  gaps: ['Expired items are deleted at their second, by the clock of the endpoint; AWS takes up to some days.'],
  run(state: DynamoDbState, input, context) {
    const table = state.anyTable(input.TableName, context);
    const { Enabled: isEnabled, AttributeName: attribute } = input.TimeToLiveSpecification;
    const { timeToLive } = table;
    if (isEnabled && timeToLive) throw invalid('TimeToLive is already enabled');
    if (!isEnabled && !timeToLive) throw invalid('TimeToLive is already disabled');
    if (timeToLive && timeToLive.attribute !== attribute) {
      throw invalid(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive.attribute}`,
      );
    }
    if (timeToLive) {
      table.feeds.delete(timeToLive);
      timeToLive.close();
      table.timeToLive = undefined;
    } else {
      table.timeToLive = new TimeToLive(attribute, state.environment.clock, {
        items: table.items.tree.all(),
        remove: (place) => table.write(place, undefined, true),
      });
      table.feeds.add(table.timeToLive);
    }
    return { TimeToLiveSpecification: input.TimeToLiveSpecification };
  },
});

export const describeTimeToLive = defineOperation('dynamodb', 'DescribeTimeToLive').as({
  run(state: DynamoDbState, input, context) {
    const { timeToLive } = state.anyTable(input.TableName, context);
    return {
      TimeToLiveDescription: timeToLive
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.attribute }
        : { TimeToLiveStatus: 'DISABLED' },
    };
  },
});
