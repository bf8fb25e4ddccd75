import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { notFound, pick, type RestState } from '../rest-state.js';

interface Tagged {
  tags?: Record<string, string> | undefined;
}

/** What an ARN such as `arn:aws:apigateway:us-east-1::/restapis/ID/stages/prod` names. @throws AwsError NotFoundException */
function taggedOf(state: RestState, region: string, arn: string): Tagged {
  const [, kind, id = '', , stage] = parseArn(arn)?.resource.split('/') ?? [];
  const { apis, keys, plans } = state.in(region);
  if (kind === 'restapis') {
    const record = pick(apis, id, 'API');
    return stage === undefined ? record.api : pick(record.stages, stage, 'stage');
  }
  if (kind === 'apikeys') return pick(keys, id, 'API Key');
  if (kind === 'usageplans') return pick(plans, id, 'Usage Plan').plan;
  throw notFound('Invalid resource identifier specified');
}

export const tagResource = defineOperation('api-gateway', 'TagResource').as({
  run(state: RestState, { resourceArn, tags }, { region }) {
    const tagged = taggedOf(state, region, resourceArn);
    tagged.tags = { ...tagged.tags, ...tags };
    return {};
  },
});

export const untagResource = defineOperation('api-gateway', 'UntagResource').as({
  run(state: RestState, { resourceArn, tagKeys }, { region }) {
    const tagged = taggedOf(state, region, resourceArn);
    tagged.tags = Object.fromEntries(Object.entries(tagged.tags ?? {}).filter(([key]) => !tagKeys.includes(key)));
    return {};
  },
});

export const getTags = defineOperation('api-gateway', 'GetTags').as({
  run: (state: RestState, { resourceArn }, { region }) => ({ tags: taggedOf(state, region, resourceArn).tags ?? {} }),
});
