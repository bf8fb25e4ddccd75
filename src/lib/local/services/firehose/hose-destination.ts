import { parseArn } from '../../kit/arn.js';
import type { Destination } from '../../ports.js';
import type { FirehoseState } from './firehose-state.js';
import { openForPuts, slowDown, takeRecord } from './put-into.js';

const RESOURCE = /^deliverystream\/[a-zA-Z0-9_.-]{1,64}$/;

/** Delivery streams as destinations: a message is a record that is put. */
export const hoseDestination = (state: FirehoseState): Destination => {
  const open = (arn: string) => {
    const { region = '', accountId = '', resource = '' } = parseArn(arn) ?? {};
    return openForPuts(state, resource.slice('deliverystream/'.length), { region, accountId });
  };
  return {
    accepts: ({ resource }) => RESOURCE.test(resource),
    mostBytes: 1_024_000,
    async check(arn) {
      open(arn);
    },
    async deliver(arn, { body }) {
      if (!takeRecord(open(arn), body, state.environment.clock.now())) throw slowDown();
    },
  };
};
