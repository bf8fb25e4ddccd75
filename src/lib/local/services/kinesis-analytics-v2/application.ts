import type {
  ApplicationDetail,
  CloudWatchLoggingOptionDescription,
  Input,
  InputDescription,
  Output,
  OutputDescription,
  RuntimeEnvironment,
} from '@aws-sdk/client-kinesis-analytics-v2';
import type { InputSchema } from '../../../sql/input/input-schema.js';
import { readSourceSchema } from '../../../sql/input/read-schema.js';
import type { Tags } from '../../kit/tags.js';
import type { Answer, Checked } from '../../wire/handlers.js';
import type { RunningApplication } from './running-application.js';

export type ApplicationInput = Checked<Input> & { id: string };
export type ApplicationOutput = Checked<Output> & { id: string };

/** A SQL application, or one of Flink, which never runs here. */
export interface Application {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly runtime: RuntimeEnvironment;
  readonly role: string;
  readonly description: string | undefined;
  readonly createdMs: number;
  updatedMs: number;
  /** Raised by every change. */
  version: number;
  status: 'READY' | 'STARTING' | 'RUNNING' | 'STOPPING' | 'UPDATING' | 'DELETING';
  code: string;
  inputs: ApplicationInput[];
  outputs: ApplicationOutput[];
  logs: Answer<CloudWatchLoggingOptionDescription>[];
  readonly tags: Tags;
  run: RunningApplication | undefined;
  /** The last record of each shard whose rows have been delivered: LAST_STOPPED_POINT. */
  positions: ReadonlyMap<string, string>;
}

/** The in-application streams of an input: as many as its parallelism says. */
export const streamNamesOf = ({ NamePrefix, InputParallelism }: ApplicationInput): string[] =>
  Array.from(
    { length: InputParallelism?.Count ?? 1 },
    (_, index) => `${NamePrefix}_${String(index + 1).padStart(3, '0')}`,
  );

/** The schemas of all in-application streams that inputs fill. */
export const schemasOf = (inputs: readonly ApplicationInput[]): InputSchema[] =>
  inputs.flatMap((input) => streamNamesOf(input).map((name) => readSourceSchema(name, input.InputSchema)));

/** The application as DescribeApplication answers it. */
export function describeApplication(application: Application): Answer<ApplicationDetail> {
  const { runtime, code } = application;
  const isSql = runtime === 'SQL-1_0';
  return {
    ApplicationARN: application.arn,
    ApplicationName: application.name,
    RuntimeEnvironment: runtime,
    ServiceExecutionRole: application.role,
    ApplicationStatus: application.status,
    ApplicationVersionId: application.version,
    CreateTimestamp: new Date(application.createdMs),
    LastUpdateTimestamp: new Date(application.updatedMs),
    ...(application.description !== undefined && { ApplicationDescription: application.description }),
    ...(application.logs.length > 0 && { CloudWatchLoggingOptionDescriptions: application.logs }),
    ApplicationConfigurationDescription: {
      ...(code !== '' && {
        ApplicationCodeConfigurationDescription: {
          CodeContentType: 'PLAINTEXT',
          CodeContentDescription: { TextContent: code },
        },
      }),
      ...(isSql && {
        SqlApplicationConfigurationDescription: {
          InputDescriptions: application.inputs.map(describeInput),
          OutputDescriptions: application.outputs.map(describeOutput),
        },
      }),
    },
  };
}

export const describeInput = (input: ApplicationInput): Answer<InputDescription> => ({
  InputId: input.id,
  NamePrefix: input.NamePrefix,
  InAppStreamNames: streamNamesOf(input),
  InputParallelism: { Count: input.InputParallelism?.Count ?? 1 },
  InputSchema: input.InputSchema as Answer<InputDescription>['InputSchema'] & object,
  ...(input.KinesisStreamsInput && {
    KinesisStreamsInputDescription: { ResourceARN: input.KinesisStreamsInput.ResourceARN },
  }),
});

export const describeOutput = (output: ApplicationOutput): Answer<OutputDescription> => ({
  OutputId: output.id,
  Name: output.Name,
  DestinationSchema: output.DestinationSchema as Answer<OutputDescription>['DestinationSchema'] & object,
  ...(output.KinesisStreamsOutput && {
    KinesisStreamsOutputDescription: { ResourceARN: output.KinesisStreamsOutput.ResourceARN },
  }),
  ...(output.LambdaOutput && { LambdaOutputDescription: { ResourceARN: output.LambdaOutput.ResourceARN } }),
});
