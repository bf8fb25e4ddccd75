import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { integerFlag, readWith } from '../lib/cli/flags.js';
import { PIPED_BY_MS, peekStdin } from '../lib/cli/peek-stdin.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { functionErrorOf, type InvocationRequest, invokeFunction } from '../lib/function/invoke-function.js';
import { explainMissingFunction } from '../lib/function/missing-function.js';
import { readPayload } from '../lib/function/read-payload.js';
import { renderInvocation, renderLogTail, renderRepeat } from '../lib/function/render-invocation.js';
import { repeatInvocation } from '../lib/function/repeat-invocation.js';
import { resolveReference } from '../lib/function/resolve-reference.js';
import { systemClock } from '../lib/shared/clock.js';
import { UsageError } from '../lib/shared/errors.js';
import { parseCountRate } from '../lib/shared/rate.js';
import type { Clients } from '../lib/target/clients.js';

/** A function may take fifteen minutes: after this long a terminal shows that it is waited for. */
const SLOW_MS = 1000;

export default class Invoke extends PipectlCommand<typeof Invoke> {
  static override summary = 'Invoke a Lambda function.';
  static override description =
    'Each invocation is sent once; pipectl never retries it. If the function fails, the exit code is 1.';
  static override examples = [
    `<%= config.bin %> invoke export:test-logger-lambda-name --payload '{"message":"hello"}' --tail`,
    '$ echo \'{"n":1}\' | <%= config.bin %> invoke loader --payload -',
    '<%= config.bin %> invoke loader --payload @event.json --repeat 1000 --rate 50/s',
  ];
  static override args = {
    function: Args.string({ description: 'Name, ARN or export:NAME.', required: true }),
  };
  static override flags = {
    payload: Flags.string({ description: 'JSON, @FILE, or - for stdin (default {}).', helpValue: 'JSON' }),
    event: Flags.boolean({ description: 'Invoke asynchronously; do not wait for the function.' }),
    tail: Flags.boolean({ description: 'Show the last 4 KB of the log on stderr.', exclusive: ['event'] }),
    repeat: integerFlag({ description: 'Invoke N times and report latency.', helpValue: 'N', min: 1 }),
    rate: Flags.custom<number>({ parse: readWith(parseCountRate) })({
      description: 'Rate of --repeat: 50/s, kept even if the function is slow.',
      helpValue: 'RATE',
    }),
  };

  async run(): Promise<void> {
    const { event, tail, repeat, rate } = this.flags;
    if (rate !== undefined && repeat === undefined) throw new UsageError('--rate needs --repeat.');
    if (tail && repeat !== undefined) throw new UsageError('--tail shows one invocation and --repeat makes many.');
    const mode = event ? 'event' : 'request';
    await this.#refuseUnreadStdin();
    const payload = await readPayload(this.flags.payload, mode, this.io);
    const clients = await this.clients({ maxAttempts: 1 });
    const functionName = await resolveReference(clients, this.args.function, this.signal);
    const request: InvocationRequest = { functionName, payload, mode, tail };
    await (repeat === undefined ? this.#once(clients, request) : this.#repeat(clients, request, repeat, rate)).catch(
      async (error: unknown) => {
        throw await explainMissingFunction(error, functionName, clients);
      },
    );
  }

  async #refuseUnreadStdin(): Promise<void> {
    if (this.flags.payload !== undefined) return;
    const head = await peekStdin(this.io, { withinMs: PIPED_BY_MS });
    if (!head || head.length === 0) return;
    throw new UsageError('Standard input has data, and no --payload says what to send.', {
      hint: `Send it: … | pipectl invoke ${this.args.function} --payload -. To send nothing: --payload '{}'`,
    });
  }

  async #once(clients: Clients, request: InvocationRequest): Promise<void> {
    const lambda = await clients.lambda();
    const slow =
      this.progress.isTTY && setTimeout(() => this.progress.start(`invoking ${request.functionName}`), SLOW_MS);
    const invocation = await invokeFunction(lambda, request, this.signal).finally(() => {
      clearTimeout(slow || undefined);
      this.progress.stop();
    });
    if (invocation.logTail !== undefined) this.progress.note(renderLogTail(invocation.logTail, this.progress));
    if (this.out.json || !invocation.error) {
      await this.out.result(invocation, (one) => renderInvocation(one, this.out));
    }
    if (request.mode === 'event') this.progress.note(`${request.functionName} has the event; it runs on its own.`);
    if (invocation.error) throw functionErrorOf(request.functionName, invocation.error);
  }

  async #repeat(clients: Clients, request: InvocationRequest, times: number, perSecond?: number): Promise<void> {
    const lambda = await clients.lambda();
    this.progress.start(`invoking ${request.functionName}`);
    const report = await repeatInvocation(() => invokeFunction(lambda, request), {
      times,
      perSecond,
      clock: systemClock,
      signal: this.signal,
      onProgress: ({ done, failed }) =>
        this.progress.update(`${done} of ${times}${failed > 0 ? `, ${failed} failed` : ''}`),
      onInterrupted: (count) => this.progress.note(`waiting for ${count} under way; Ctrl-C again gives them up`),
    });
    this.progress.stop();
    await this.out.result(report, (figures) => renderRepeat(figures, this.out));
    if (report.failed + report.functionErrors > 0) this.exitCode = 1;
  }
}
