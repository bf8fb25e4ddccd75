import { compileSql } from '../../../sql/compile-sql.js';
import { SqlError } from '../../../sql/sql-error.js';
import { parseArn } from '../../kit/arn.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import { type Application, type ApplicationInput, schemasOf } from './application.js';
import { RunningApplication, type StartOptions } from './running-application.js';

/** All applications, by region and name. */
export class AnalyticsState {
  readonly environment: ServiceEnvironment;
  readonly #regions = perRegion(() => new Map<string, Application>());

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
  }

  in(region: string): Map<string, Application> {
    return this.#regions.in(region);
  }

  /** @throws AwsError ResourceNotFoundException */
  find(name: string, { region }: Pick<OperationContext, 'region'>): Application {
    const found = this.in(region).get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `Application ${name} does not exist`);
    return found;
  }

  findByArn(arn: string, context: OperationContext): Application {
    return this.find(parseArn(arn)?.resource.replace(/^application\//, '') ?? arn, context);
  }

  /** Checks the version that a change was made for. @throws AwsError ConcurrentModificationException, ResourceInUseException */
  forChange(name: string, version: number | undefined, context: OperationContext): Application {
    const application = this.find(name, context);
    if (version !== undefined && version !== application.version)
      throw new AwsError(
        'ConcurrentModificationException',
        `Current version of application ${name} is ${application.version}, and the request names ${version}`,
      );
    if (application.status !== 'READY' && application.status !== 'RUNNING')
      throw new AwsError('ResourceInUseException', `Application ${name} is ${application.status}`);
    return application;
  }

  /** @throws AwsError CodeValidationException */
  checkCode(code: string, inputs: readonly ApplicationInput[]): void {
    if (code === '' || inputs.length === 0) return;
    try {
      compileSql(code, { inputs: schemasOf(inputs) });
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw new AwsError('CodeValidationException', error.message);
    }
  }

  /** A change is made: the version rises, and an application that runs goes on with it where it was. */
  async changed(application: Application): Promise<void> {
    application.version += 1;
    application.updatedMs = this.environment.clock.now();
    if (!application.run) return;
    application.status = 'UPDATING';
    await this.stop(application, false);
    await this.start(application, 'LAST_STOPPED_POINT');
  }

  async start(application: Application, from: StartOptions['from']): Promise<void> {
    const run = new RunningApplication(application, this.environment, {
      from,
      onNote: (note) => this.#note(application, note),
    });
    application.run = run;
    try {
      await run.start();
      application.status = 'RUNNING';
    } catch (error) {
      await this.stop(application, true);
      application.status = 'READY';
      this.#note(application, `the application did not start: ${(error as Error).message}`);
    }
  }

  async stop(application: Application, force: boolean): Promise<void> {
    const { run } = application;
    application.run = undefined;
    if (run) application.positions = await run.stop(force);
  }

  async close(): Promise<void> {
    const all = [...this.#regions.all()].flatMap((applications) => [...applications.values()]);
    await Promise.all(all.map((application) => this.stop(application, true)));
  }

  /** One line of the endpoint's log, and an event of the application's. */
  #note(application: Application, message: string): void {
    this.environment.log(`SQL application ${application.name}: ${message}`);
    const { clock, calls } = this.environment;
    for (const { LogStreamARN = '' } of application.logs) {
      const [, logGroupName, logStreamName] = /log-group:([^:]+):log-stream:(.+)$/.exec(LogStreamARN) ?? [];
      const text = JSON.stringify({ applicationARN: application.arn, messageType: 'ERROR', message });
      void calls(application.region)
        ['cloudwatch-logs'].PutLogEvents({
          logGroupName,
          logStreamName,
          logEvents: [{ timestamp: clock.now(), message: text }],
        })
        .catch(() => {}); // a log stream that is gone stops no application
    }
  }
}
