// A check for load: 200,000 events at 3,000/s over four hops, from the built program, with its private endpoint in the same process.
//
//   npm run build && npx tsx bench/e2e/load.ts [EVENTS] [EVENTS A SECOND]
//
// There is no peer that follows each event, so the figures are against what was promised: nothing lost, at most 600 MB.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Report {
  sending?: { durationMs: number };
  hops: { name: string; arrived: number; lost: number; fromSendingMs: { p50: number; p95: number } | undefined }[];
  verdict: { reasons: { text: string }[]; findings: { text: string }[] };
  phases: { name: string; durationMs: number }[];
}

const PROMISED_MB = 600;
const [count, rate] = [Number(process.argv[2] ?? 200_000), Number(process.argv[3] ?? 3000)];
const SHARDS = Math.ceil(rate / 1000) * 2;
const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pipectl-load-'));

const relay = (to: string): string => `
        const { KinesisClient, PutRecordsCommand } = require('@aws-sdk/client-kinesis');
        const kinesis = new KinesisClient({});
        exports.handler = async ({ Records }) => {
          let left = Records.map(({ kinesis: { partitionKey, data } }) => ({ PartitionKey: partitionKey, Data: Buffer.from(data, 'base64') }));
          while (left.length > 0) {
            const { Records: answers } = await kinesis.send(new PutRecordsCommand({ StreamName: '${to}', Records: left }));
            left = left.filter((_, n) => answers[n].ErrorCode);
            if (left.length > 0) await new Promise((done) => setTimeout(done, 100));
          }
        };`;
const LOADER = `
        exports.handler = async ({ Records }) => {
          const body = Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString()).join('\\n');
          const { ok } = await fetch(process.env.URL, { method: 'POST', body });
          if (!ok) throw new Error('refused');
        };`;
const stream = (name: string): string =>
  `  ${name}: { Type: AWS::Kinesis::Stream, Properties: { Name: ${name}, ShardCount: ${SHARDS} } }\n`;
const stage = (name: string, from: string, code: string): string => `  ${name}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: ${name}
      Runtime: nodejs22.x
      Handler: index.handler
      Role: arn:aws:iam::000000000000:role/any
      Timeout: 60
      Environment: { Variables: { URL: !Ref Url } }
      Code:
        ZipFile: ${JSON.stringify(code)}
  ${name}Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref ${name}, EventSourceArn: !GetAtt ${from}.Arn, StartingPosition: TRIM_HORIZON, BatchSize: 500 }
`;
writeFileSync(
  join(folder, 'load.yaml'),
  `Parameters: { Url: { Type: String } }
Resources:
${['first', 'second', 'third'].map(stream).join('')}${stage('one', 'first', relay('second'))}${stage('two', 'second', relay('third'))}${stage('loader', 'third', LOADER)}`,
);
writeFileSync(
  join(folder, 'pipectl.yaml'),
  `deploy: [{ stack: load, template: load.yaml, parameters: { Url: recorder:sink } }]
recorders: { sink: { path: /, format: ndjson } }
send: { put: first, payload: { id: "{marker}", n: "{n}", amount: 12.5, currency: EUR }, count: ${count}, rate: ${rate}/s, keys: 500 }
hops: [{ first: { stream: first } }, { second: { stream: second } }, { third: { stream: third } }, { loaded: { http: sink } }]
expect: { within: 300s, warmUp: 60s, lost: 0 }
`,
);

const child = spawn(process.execPath, [bin, 'e2e', '--json'], {
  cwd: folder,
  env: { PATH: process.env.PATH, HOME: folder, PIPECTL_STATE_DIR: folder },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let peakKb = 0;
const watching = setInterval(() => {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  } catch {}
}, 200);
let stdout = '';
for await (const chunk of child.stdout) stdout += String(chunk);
clearInterval(watching);
const [report] = (JSON.parse(stdout) as { runs: Report[] }).runs;
if (!report) throw new Error('no run');
const sendMs = report.phases.find(({ name }) => name === 'send')?.durationMs ?? Number.NaN;
console.log(`${count} events at ${rate}/s over four hops, node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(`  sent in ${Math.round(sendMs)} ms: ${Math.round((count * 1000) / sendMs)}/s`);
for (const { name, arrived, lost, fromSendingMs } of report.hops)
  console.log(
    `  ${name.padEnd(8)} arrived ${arrived} lost ${lost} p50 ${fromSendingMs?.p50} p95 ${fromSendingMs?.p95} ms`,
  );
for (const { text } of [...report.verdict.reasons, ...report.verdict.findings]) console.log(`  ${text}`);
for (const { name, durationMs } of report.phases) console.log(`  ${name.padEnd(12)} ${Math.round(durationMs)} ms`);
const peakMb = (peakKb * 1024) / 1e6;
console.log(`  peak ${Math.round(peakMb)} MB of ${PROMISED_MB} promised`);
process.exitCode = peakMb <= PROMISED_MB && report.verdict.reasons.length === 0 ? 0 : 1;
