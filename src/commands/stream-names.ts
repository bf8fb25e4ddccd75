import { findRunning } from '../lib/cli/open-target.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { isStreamName } from '../lib/stream/choose-stream.js';
import { listStreamNames } from '../lib/stream/list-streams.js';
import { createClients } from '../lib/target/clients.js';

/** A person who presses TAB does not wait longer. */
const PATIENCE_MS = 1500;

export default class StreamNames extends PipectlCommand<typeof StreamNames> {
  static override hidden = true;
  static override summary = 'Print the names of the streams, for the completion of a shell.';
  static override description = 'Starts nothing, waits for nothing, and is silent about whatever fails.';
  static override examples = ['<%= config.bin %> stream-names --aws'];

  async run(): Promise<void> {
    const target = await findRunning(await this.decidedTarget(), this.io).catch(() => undefined);
    if (!target) return;
    const clients = createClients(target, { maxAttempts: 1, firstAnswerMs: PATIENCE_MS });
    try {
      // bash expands what it is offered: an endpoint that makes up names must not have its say in a shell.
      const names = (await listStreamNames(clients.kinesisControl(), this.signal)).filter(isStreamName);
      await this.out.result(names, (all) => all.map((name) => `${name}\n`).join(''));
    } catch {
      // nothing to offer
    } finally {
      clients.close();
    }
  }
}
