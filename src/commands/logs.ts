import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { followLogEvents } from '../lib/function/follow-log-events.js';
import { FIRST_INVOCATION, logGroupOf, logGroupOfFunction, missingLogGroup } from '../lib/function/log-group-of.js';
import { readFilter, readLogEvents } from '../lib/function/read-log-events.js';
import { logEventJson, renderLogEvent } from '../lib/function/render-log-event.js';
import { systemClock } from '../lib/shared/clock.js';
import { UsageError } from '../lib/shared/errors.js';
import { parsePastInstant } from '../lib/shared/instant.js';
import type { Clients } from '../lib/target/clients.js';

const JSON_LINES_ONLY =
  "A JSON pattern matches lines that are JSON from their first character on. In Lambda's text format console.log puts the time in " +
  'front of them; with LoggingConfig: { LogFormat: JSON } it does not.';

export default class Logs extends PipectlCommand<typeof Logs> {
  static override summary = 'Show or follow a CloudWatch Logs group.';
  static override description =
    'In a terminal, JSON is formatted, and START, END and REPORT lines of Lambda are dimmed. ' +
    'In a pipe, each line is time, stream and message, separated by tabs. With --json, each line is a JSON object.';
  static override examples = [
    '<%= config.bin %> logs --function loader --follow',
    `<%= config.bin %> logs export:test-logger-log-group-arn --since 1h --filter '{ $.event_class = * }'`,
    '<%= config.bin %> logs /aws/lambda/loader --filter "ERROR" --json',
  ];
  static override args = { group: Args.string({ description: 'Name, ARN or export:NAME of a log group.' }) };
  static override flags = {
    // The one with a letter comes first: oclif trims the first line's indent, which the others need.
    follow: Flags.boolean({ char: 'f', description: 'Follow until Ctrl-C.' }),
    function: Flags.string({
      description: 'Log group of this function: name, ARN or export:NAME.',
      helpValue: 'NAME',
    }),
    since: Flags.string({ description: 'Start time: 5m ago or a timestamp.', default: '10m' }),
    filter: Flags.string({
      description: 'Show only events that match a Logs filter pattern.',
      helpValue: 'PATTERN',
    }),
  };

  async run(): Promise<void> {
    const sinceMs = parsePastInstant(this.flags.since, '--since', Date.now());
    const pattern = readFilter(this.flags.filter);
    if (pattern?.advice !== undefined) this.progress.warn(pattern.advice);
    const clients = await this.clients();
    const logGroup = await this.#logGroup(clients);
    this.progress.detail(`log group: ${logGroup}`);
    const logs = await clients.logs();
    const options = { logGroup, sinceMs, pattern, target: clients.target, signal: this.signal };
    const events = this.flags.follow
      ? followLogEvents(logs, {
          ...options,
          clock: systemClock,
          onMissing: () => this.#say(`${logGroup} is not there yet; waiting for it. ${FIRST_INVOCATION}`),
          onReady: () => this.#say(`following ${logGroup}`),
        })
      : readLogEvents(logs, options);
    if (this.flags.follow) this.io.watchOutput();
    let count = 0;
    try {
      for await (const event of events) {
        count += 1;
        await this.out.write(
          this.out.json ? `${JSON.stringify(logEventJson(event))}\n` : renderLogEvent(event, this.out),
        );
      }
    } catch (error) {
      const isMissing = error instanceof Error && error.name === 'ResourceNotFoundException';
      throw isMissing ? await missingLogGroup(clients, logGroup, this.flags.function !== undefined) : error;
    }
    if (count > 0) return;
    this.progress.note(`Nothing since ${new Date(sinceMs).toISOString()}${pattern ? ' that matches' : ''}.`);
    if (this.flags.filter?.trimStart().startsWith('{')) this.#say(JSON_LINES_ONLY);
  }

  #say(text: string): void {
    this.progress.note(this.progress.style.dim(text));
  }

  async #logGroup(clients: Clients): Promise<string> {
    const { group } = this.args;
    if ((group === undefined) === (this.flags.function === undefined)) {
      throw new UsageError('Name a log group, or a function with --function.', {
        hint: 'For example: pipectl logs --function loader --follow',
      });
    }
    return group === undefined
      ? logGroupOfFunction(clients, this.flags.function ?? '', this.signal)
      : logGroupOf(clients, group, this.signal);
  }
}
