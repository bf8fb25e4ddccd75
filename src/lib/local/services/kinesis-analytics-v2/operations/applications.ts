import { defineOperation } from '../../../define-operation.js';
import { arnOf } from '../../../kit/arn.js';
import { newTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { AnalyticsState } from '../analytics-state.js';
import { type Application, describeApplication } from '../application.js';
import { checkInput, checkOutput } from '../check-streams.js';
import { TAG_RULES } from '../tag-rules.js';

const MOST_LISTED = 50;

export const createApplication = defineOperation('kinesis-analytics-v2', 'CreateApplication').as({
  constraints: { ApplicationName: { min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' } },
  notHere: ['ApplicationConfiguration.SqlApplicationConfiguration.ReferenceDataSources'],
  gaps: ['**Roles** are remembered and not looked up.'],
  run(state: AnalyticsState, input, context) {
    const { ApplicationName: name, ApplicationConfiguration: configuration } = input;
    const applications = state.in(context.region);
    if (applications.has(name)) throw new AwsError('ResourceInUseException', `Application ${name} already exists`);
    const { Inputs = [], Outputs = [] } = configuration?.SqlApplicationConfiguration ?? {};
    if (Inputs.length > 1) throw new AwsError('InvalidArgumentException', 'A SQL application has at most one input');
    for (const input of Inputs) checkInput(input);
    const inputs = Inputs.map((one, index) => ({ ...one, id: `1.${index + 1}` }));
    const outputs = Outputs.map((one, index) => ({ ...one, id: `1.${index + 1}` }));
    for (const output of outputs) checkOutput(output);
    const code = configuration?.ApplicationCodeConfiguration?.CodeContent?.TextContent ?? '';
    if (input.RuntimeEnvironment === 'SQL-1_0') state.checkCode(code, inputs);
    const now = state.environment.clock.now();
    const application: Application = {
      name,
      arn: arnOf('kinesisanalytics', context, `application/${name}`),
      region: context.region,
      runtime: input.RuntimeEnvironment,
      role: input.ServiceExecutionRole,
      description: input.ApplicationDescription,
      createdMs: now,
      updatedMs: now,
      version: 1,
      status: 'READY',
      code,
      inputs,
      outputs,
      logs: (input.CloudWatchLoggingOptions ?? []).map(({ LogStreamARN }, index) => ({
        CloudWatchLoggingOptionId: `1.${index + 1}`,
        LogStreamARN,
      })),
      tags: newTags(input.Tags, TAG_RULES),
      run: undefined,
      positions: new Map(),
    };
    applications.set(name, application);
    return { ApplicationDetail: describeApplication(application) };
  },
});

export const describe = defineOperation('kinesis-analytics-v2', 'DescribeApplication').as({
  run: (state: AnalyticsState, { ApplicationName: name }, context) => ({
    ApplicationDetail: describeApplication(state.find(name, context)),
  }),
});

export const listApplications = defineOperation('kinesis-analytics-v2', 'ListApplications').as({
  constraints: { Limit: { range: [1, MOST_LISTED] } },
  run(state: AnalyticsState, { Limit: limit = MOST_LISTED, NextToken: after = '' }, { region }) {
    // The token is the last name: the API of version 1 calls it ExclusiveStartApplicationName.
    const names = [...state.in(region).keys()].sort().filter((name) => name > after);
    const page = names.slice(0, limit).map((name) => state.find(name, { region }));
    return {
      ApplicationSummaries: page.map((application) => ({
        ApplicationName: application.name,
        ApplicationARN: application.arn,
        ApplicationStatus: application.status,
        ApplicationVersionId: application.version,
        RuntimeEnvironment: application.runtime,
      })),
      ...(names.length > limit && { NextToken: page.at(-1)?.name ?? '' }),
    };
  },
});

export const updateApplication = defineOperation('kinesis-analytics-v2', 'UpdateApplication').as({
  notHere: [
    'ApplicationConfigurationUpdate.SqlApplicationConfigurationUpdate',
    'CloudWatchLoggingOptionUpdates',
    'RunConfigurationUpdate',
  ],
  async run(state: AnalyticsState, input, context) {
    const application = state.forChange(input.ApplicationName, input.CurrentApplicationVersionId, context);
    const update = input.ApplicationConfigurationUpdate?.ApplicationCodeConfigurationUpdate;
    const code = update?.CodeContentUpdate?.TextContentUpdate;
    if (code !== undefined) {
      state.checkCode(code, application.inputs);
      application.code = code;
    }
    await state.changed(application);
    return { ApplicationDetail: describeApplication(application) };
  },
});

export const deleteApplication = defineOperation('kinesis-analytics-v2', 'DeleteApplication').as({
  async run(state: AnalyticsState, { ApplicationName: name, CreateTimestamp: created }, context) {
    const application = state.find(name, context);
    // Clients send back the seconds that they were given, with or without the milliseconds.
    if (Math.floor(created.getTime() / 1000) !== Math.floor(application.createdMs / 1000))
      throw new AwsError('InvalidArgumentException', `CreateTimestamp is not that of application ${name}`);
    application.status = 'DELETING';
    await state.stop(application, true);
    state.in(context.region).delete(name);
    return {};
  },
});
