import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { AnalyticsState } from '../analytics-state.js';

export const startApplication = defineOperation('kinesis-analytics-v2', 'StartApplication').as({
  gaps: ['**LAST_STOPPED_POINT** of an application that has never run reads from the oldest record.'],
  run(state: AnalyticsState, { ApplicationName: name, RunConfiguration: configuration }, context) {
    const application = state.find(name, context);
    if (application.status !== 'READY')
      throw new AwsError('ResourceInUseException', `Application ${name} is ${application.status}, not READY`);
    if (application.runtime !== 'SQL-1_0')
      throw new AwsError(
        'InvalidApplicationConfigurationException',
        `This endpoint runs SQL-1_0 applications; ${application.runtime} needs a Flink cluster`,
      );
    const [input] = application.inputs;
    if (!input || application.code === '')
      throw new AwsError('InvalidApplicationConfigurationException', `Application ${name} has no input, or no code`);
    const given = configuration?.SqlRunConfigurations?.find(({ InputId }) => InputId === input.id);
    if (configuration?.SqlRunConfigurations?.length && !given)
      throw new AwsError('InvalidArgumentException', `Application ${name} has no input of that ID`);
    const from = given?.InputStartingPositionConfiguration.InputStartingPosition ?? 'NOW';
    state.checkCode(application.code, application.inputs);
    application.status = 'STARTING';
    const done = state.environment.activity.begin(`start of SQL application ${name}`);
    void state.start(application, from).finally(done);
    return { OperationId: randomUUID() };
  },
});

export const stopApplication = defineOperation('kinesis-analytics-v2', 'StopApplication').as({
  run(state: AnalyticsState, { ApplicationName: name, Force: force }, context) {
    const application = state.find(name, context);
    if (application.status !== 'RUNNING')
      throw new AwsError('ResourceInUseException', `Application ${name} is ${application.status}, not RUNNING`);
    application.status = 'STOPPING';
    const done = state.environment.activity.begin(`stop of SQL application ${name}`);
    void state
      .stop(application, force ?? false)
      .finally(() => {
        if (application.status === 'STOPPING') application.status = 'READY';
      })
      .finally(done);
    return { OperationId: randomUUID() };
  },
});
