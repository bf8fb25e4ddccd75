import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { NEXT_TOKEN, STREAM_NAME } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { openPage, sealPage } from '../paging.js';

const CONSTRAINTS: Constraints = {
  Limit: { range: [1, 10_000] },
  ExclusiveStartStreamName: STREAM_NAME,
  NextToken: NEXT_TOKEN,
};
const MOST_STREAMS = 100;

/** ListStreams: names in order, a page of up to 100, to be continued by the last name or by the token. */
export const listStreams = defineOperation('kinesis', 'ListStreams').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const after =
      input.NextToken === undefined
        ? input.ExclusiveStartStreamName
        : openPage(state, 'list-streams', input.NextToken).after;
    const { streams } = state.region(context.region);
    const names = [...streams.keys()].filter((name) => after === undefined || name > after).sort();
    const page = names.slice(0, Math.min(input.Limit ?? MOST_STREAMS, MOST_STREAMS));
    const more = page.length < names.length;
    return {
      StreamNames: page,
      HasMoreStreams: more,
      ...(more && { NextToken: sealPage(state, 'list-streams', { after: page.at(-1) ?? '' }) }),
      StreamSummaries: page.flatMap((name) => {
        const stream = streams.get(name);
        if (!stream) return [];
        return {
          StreamName: stream.name,
          StreamARN: stream.arn,
          StreamStatus: stream.status,
          StreamModeDetails: { StreamMode: stream.mode },
          StreamCreationTimestamp: new Date(stream.createdMs),
        };
      }),
    };
  },
});
