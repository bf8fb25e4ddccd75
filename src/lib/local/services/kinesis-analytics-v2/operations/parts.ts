import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { AnalyticsState } from '../analytics-state.js';
import { describeInput, describeOutput } from '../application.js';
import { checkOutput } from '../check-streams.js';

export const addApplicationInput = defineOperation('kinesis-analytics-v2', 'AddApplicationInput').as({
  notHere: ['Input.InputProcessingConfiguration', 'Input.KinesisFirehoseInput'],
  async run(state: AnalyticsState, input, context) {
    const application = state.forChange(input.ApplicationName, input.CurrentApplicationVersionId, context);
    if (application.inputs.length > 0)
      throw new AwsError('InvalidArgumentException', `Application ${application.name} has an input already`);
    const added = { ...input.Input, id: `${application.version + 1}.1` };
    state.checkCode(application.code, [added]);
    application.inputs = [added];
    await state.changed(application);
    return {
      ApplicationARN: application.arn,
      ApplicationVersionId: application.version,
      InputDescriptions: application.inputs.map(describeInput),
    };
  },
});

export const addApplicationOutput = defineOperation('kinesis-analytics-v2', 'AddApplicationOutput').as({
  async run(state: AnalyticsState, input, context) {
    const application = state.forChange(input.ApplicationName, input.CurrentApplicationVersionId, context);
    checkOutput(input.Output);
    if (application.outputs.some(({ Name }) => Name === input.Output.Name))
      throw new AwsError('InvalidArgumentException', `Output ${input.Output.Name} exists already`);
    application.outputs = [...application.outputs, { ...input.Output, id: `${application.version + 1}.1` }];
    await state.changed(application);
    return {
      ApplicationARN: application.arn,
      ApplicationVersionId: application.version,
      OutputDescriptions: application.outputs.map(describeOutput),
    };
  },
});

export const deleteApplicationOutput = defineOperation('kinesis-analytics-v2', 'DeleteApplicationOutput').as({
  async run(state: AnalyticsState, input, context) {
    const application = state.forChange(input.ApplicationName, input.CurrentApplicationVersionId, context);
    const rest = application.outputs.filter(({ id }) => id !== input.OutputId);
    if (rest.length === application.outputs.length)
      throw new AwsError('InvalidArgumentException', `Application ${application.name} has no output ${input.OutputId}`);
    application.outputs = rest;
    await state.changed(application);
    return { ApplicationARN: application.arn, ApplicationVersionId: application.version };
  },
});
