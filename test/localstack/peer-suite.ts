import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { cleanEnvironment, newStateFolder, runPipectl } from '../cli/spawn-pipectl.js';
import { ANALYTICS, BROKEN_FILTER, type Change, copyPipeline } from '../e2e/copy-pipeline.js';
import { type Peer, type PeerName, startPeer } from './start-peer.js';

const TIMEOUT_MS = 120_000;
const PATIENT: Change = { file: 'pipectl.yaml', replace: 'within: 30s', by: 'within: 5s\n  warmUp: 8s' };

/** Every command that a stand-in for AWS must carry, run as a person would, against one that is not ours. */
export function peerSuite(name: PeerName, product: string): void {
  describe(product, { timeout: TIMEOUT_MS }, () => {
    let peer: Peer;
    const state = newStateFolder();
    beforeAll(async () => {
      peer = await startPeer(name);
    }, 600_000);
    afterAll(async () => peer?.close(), 60_000);

    const pipectl = (...argv: string[]) => {
      const at = argv.indexOf('--');
      const flags = ['--localstack', '--endpoint-url', peer.url];
      const whole = at < 0 ? [...argv, ...flags] : [...argv.slice(0, at), ...flags, ...argv.slice(at)];
      return runPipectl(whole, cleanEnvironment(state));
    };
    const good = async (...argv: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await pipectl(...argv);
      expect(exitCode, `${argv.join(' ')}\n${stdout}\n${stderr}\n${(await peer.log()).slice(-2000)}`).toBe(0);
      return stdout;
    };
    const check = async (path?: string): Promise<{ exitCode: number | null; run: CheckReport }> => {
      const { exitCode, stdout, stderr } = await pipectl('e2e', ...(path ? [path] : ['--demo']), '--json');
      const [run] = stdout === '' ? [] : (JSON.parse(stdout) as { runs: CheckReport[] }).runs;
      if (!run) throw new Error(`no report: ${stderr}\n${(await peer.log()).slice(-2000)}`);
      return { exitCode, run };
    };

    it('e2e is green, and says on what', async () => {
      const { exitCode, run } = await check();
      expect(run.verdict.reasons).toEqual([]);
      expect(run.hops.map((hop) => [hop.name, hop.arrived, hop.lost])).toEqual([
        ['logged', 20, 0],
        ['filtered', 20, 0],
        ['loaded', 20, 0],
      ]);
      expect(run.target.server).toBe(product);
      expect(run.target.caveats).toContain('shard limits are not enforced, so nothing is ever throttled');
      expect(run.leftStanding).toEqual([]);
      expect(exitCode).toBe(0);
    });

    it('e2e finds the broken filter', async () => {
      const { exitCode, run } = await check(copyPipeline([PATIENT, BROKEN_FILTER]));
      expect(run.verdict.firstLossyHop).toBe('filtered');
      expect(run.hops.map((hop) => [hop.name, hop.sent, hop.lost])).toEqual([
        ['logged', 20, 0],
        ['filtered', 20, 20],
        ['loaded', 0, 0],
      ]);
      expect(run.verdict.findings[0]?.text).toContain('$.event_typo');
      expect(exitCode).toBe(3);
    });

    it('provision, streams, produce, tail', async () => {
      expect(await good('provision', 'orders', '--shards', '2')).toMatch(/^orders\tcreated\t/m);
      expect(await good('provision', 'orders', '--shards', '2')).toMatch(/^orders\tunchanged\t/m);
      expect(await good('streams')).toMatch(/^orders\tACTIVE\t/m);
      const produced = JSON.parse(await good('produce', 'orders', '--count', '50', '--rate', '25', '--json')) as Record<
        string,
        unknown
      >;
      expect(JSON.stringify(produced)).toContain('50');
      const lines = (
        await good('tail', 'orders', '--from', 'trim-horizon', '--limit', '50', '--decode', '--format', 'ndjson')
      )
        .trim()
        .split('\n');
      expect(lines).toHaveLength(50);
      for (const line of lines) expect(line).toContain('transactionId');
    });

    it('deploy, exports, invoke, logs, destroy', async () => {
      const template = `${ANALYTICS}external-test-resources.yaml`;
      expect(await good('deploy', template, '--stack', 'by-hand')).toContain('test-logger-lambda-name');
      const name = (await good('exports', 'test-logger-lambda-name')).trim();
      expect(name).toBe('by-hand-test-logger');
      const answer = await good('invoke', 'export:test-logger-lambda-name', '--payload', '{"message":"hello"}');
      expect(answer).toContain('hello');
      expect(await good('logs', '--function', name, '--since', '5m')).toContain('"message":"hello"');
      await good('destroy', 'by-hand');
      expect(await good('exports')).not.toContain('test-logger-lambda-name');
    });
  });
}
