import { z } from 'zod';
import { byteSize, name, retention, strict, textMap, wholeFrom } from './schema-parts.js';

const streamSpec = strict(
  {
    shards: wholeFrom(1).optional().describe('How many shards; provisioned mode.'),
    onDemand: z.boolean().optional().describe('On-demand mode: AWS minds the shards.'),
    retention: retention.optional().describe('How long records are kept: 24h to 365d.'),
    maxRecordSize: byteSize.optional().describe('The largest record: 1MiB to 10MiB.'),
    tags: textMap.optional(),
  },
  'a stream',
).refine((spec) => !(spec.onDemand && spec.shards !== undefined), {
  error: '"shards" and "onDemand" exclude each other; AWS minds the shards of an on-demand stream',
});

const target = z.string().refine((text) => /^(local|localstack|aws|https?:\/\/\S+)$/.test(text), {
  error: (issue) => `${JSON.stringify(issue.input)} is not a target; write local, localstack, aws or a URL`,
});

const settings = {
  target: target.optional().describe('Where commands go without a flag: local, localstack, aws, or a URL.'),
  region: z.string().min(1).optional(),
  profile: z.string().min(1).optional(),
  stream: z.string().min(1).optional().describe('The stream of produce and tail when none is named.'),
  local: strict(
    {
      inert: z
        .array(z.string().min(1))
        .optional()
        .describe('Resource types to keep without effect: names, * for any letters.'),
    },
    'local',
  )
    .optional()
    .describe('The local endpoint, if pipectl starts it.'),
  streams: z.record(z.string(), streamSpec.nullable()).optional().describe('What provision makes, by name.'),
};

/** The keys of one check, which a file may hold at its top instead of under `checks`. */
export const CHECK_KEYS = ['deploy', 'recorders', 'send', 'decoys', 'hops', 'expect'] as const;

/** What a file is made of besides a check at its top. @param check one check under `checks` */
export const settingsShape = <T extends z.ZodType>(check: T) => ({
  ...settings,
  checks: z.record(name, check).optional().describe('Several named checks: pipectl e2e NAME, or --all.'),
});

/** Everything but a check at the top of the file. @param check one check under `checks` */
export const settingsSchema = <T extends z.ZodType>(check: T) =>
  strict(settingsShape(check), 'pipectl.yaml', CHECK_KEYS);
