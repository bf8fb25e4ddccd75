import { UsageError } from '../shared/errors.js';
import { translateToFlink, writeFlinkScript } from '../sql/flink/translate-to-flink.js';
import type { InputSchema } from '../sql/input/input-schema.js';
import type { Target } from '../target/target.js';

/** The query as a job of Flink SQL, with the connector of Kinesis streams; rows go to another stream, or are printed. */
export function flinkJob(
  sql: string,
  schema: InputSchema,
  where: { streamArn: string; into: string | undefined; target: Pick<Target, 'region' | 'endpointUrl'> },
): string {
  const { streamArn, into, target } = where;
  const { region, endpointUrl } = target;
  const kinesis = (arn: string): Record<string, string> => ({
    connector: 'kinesis',
    'stream.arn': arn,
    'aws.region': region,
    ...(endpointUrl !== undefined && { 'aws.endpoint': endpointUrl }),
    format: schema.format === 'CSV' ? 'csv' : 'json',
  });
  const [, sinkStream] = /^stream:(.+)$/.exec(into ?? '') ?? [];
  const sink: Record<string, string> =
    sinkStream === undefined
      ? { connector: 'print' }
      : { ...kinesis(streamArn.replace(/stream\/.*$/, `stream/${sinkStream}`)), format: 'json' };
  return writeFlinkScript(
    translateToFlink(sql, {
      inputs: [schema],
      optionsOf: (_, role) => (role === 'source' ? { ...kinesis(streamArn), 'source.init.position': 'LATEST' } : sink),
    }),
  );
}

/** `--engine flink`: pipectl writes the job, and Flink's own client runs it. @throws UsageError always */
export function refuseFlinkEngine(flink: string | undefined, flinkHome: string | undefined): never {
  const client = flinkHome === undefined ? 'sql-client.sh' : `${flinkHome}/bin/sql-client.sh`;
  throw new UsageError('--engine flink: pipectl does not submit jobs to Flink.', {
    hint: `Write the job with --print flink > job.sql, then run it: ${client} ${flink === undefined ? '' : `-D rest.address=${hostOf(flink)} `}-f job.sql`,
  });
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : url);
