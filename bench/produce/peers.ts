// What one would use instead of pipectl: the SDKs of five languages and the Kinesis Producer Library. Each is built once, into a folder that is kept
// between runs; a tool that is missing here leaves its row out, and says so.
import { cpSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, hasTool, once, run } from '../../test/interop/tools.js';

const here = fileURLToPath(new URL('./peers/', import.meta.url));

/** One program to measure. */
export interface Case {
  name: string;
  /** How many records it sends. */
  records: number;
  command: string[];
}

export interface Load {
  /** Of the sink, over plain HTTP. */
  url: string;
  tlsPort: string;
  records: number;
  /** Of a record, in bytes. */
  size: number;
}

/** The slow ones send less: what they reach in a second does not depend on it. */
export async function peerCases(load: Load): Promise<Case[]> {
  const made: Case[] = [];
  for (const [tools, cases] of [
    [['node'], nodeCases],
    [['python3'], pythonCases],
    [['go'], goCases],
    [['cargo'], rustCases],
    [['mvn', 'java'], kplCases],
  ] as const) {
    const missing = tools.filter((tool) => !hasTool(tool));
    if (missing.length > 0) process.stderr.write(`left out, for want of ${missing.join(' and ')}: ${cases.name}\n`);
    else made.push(...(await cases(load)));
  }
  return made;
}

async function nodeCases({ url, records, size }: Load): Promise<Case[]> {
  const command = [process.execPath, join(here, 'node-sdk.mjs'), url, String(records), String(size)];
  return [{ name: 'Node SDK v3', records, command }];
}

async function pythonCases({ url, records, size }: Load): Promise<Case[]> {
  const folder = await cacheFolder('bench-python');
  const packages = ['boto3==1.44.5', 'aws_kinesis_agg==1.2.3', 'six==1.17.0'];
  const python = join(folder, 'bin', 'python');
  await once(folder, packages.join(' '), async () => {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  });
  const boto = (name: string, mode: string, count: number): Case => ({
    name,
    records: count,
    command: [python, join(here, 'boto.py'), url, mode, String(count), String(size)],
  });
  return [
    boto('boto3, PutRecords(500)', 'batch', records / 10),
    boto('boto3, one PutRecord a call', 'one', 2000),
    boto('boto3 and aws_kinesis_agg', 'agg', records / 10),
  ];
}

async function goCases({ url, records, size }: Load): Promise<Case[]> {
  const program = join(await cacheFolder('bench-go'), 'producer');
  await run('go', ['build', '-o', program, '.'], { cwd: join(here, 'go') });
  return [{ name: 'Go aws-sdk-go-v2', records, command: [program, url, String(records), String(size)] }];
}

async function rustCases({ url, records, size }: Load): Promise<Case[]> {
  const target = await cacheFolder('bench-rust');
  const env = { CARGO_TARGET_DIR: target };
  await run('cargo', ['build', '--quiet', '--release', '--locked'], { cwd: join(here, 'rust'), env });
  const program = join(target, 'release', 'pipectl-bench');
  return [{ name: 'Rust aws-sdk-kinesis', records, command: [program, url, String(records), String(size)] }];
}

async function kplCases({ tlsPort, records, size }: Load): Promise<Case[]> {
  const folder = await cacheFolder('bench-kpl');
  const list = join(folder, 'class-path');
  const sources = await Promise.all(
    ['pom.xml', 'src/main/java/Producer.java'].map((path) => readFile(join(here, 'kpl', path), 'utf8')),
  );
  await once(folder, sources.join('\n'), async () => {
    cpSync(join(here, 'kpl'), folder, { recursive: true });
    const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`];
    await run('mvn', ['-q', '-B', ...goals], { cwd: folder });
  });
  const classPath = [join(folder, 'target', 'classes'), await readFile(list, 'utf8')].join(delimiter);
  const kpl = (name: string, aggregate: boolean): Case => ({
    name,
    records: records / 4,
    command: [
      ...['java', '-cp', classPath, 'Producer'],
      ...[tlsPort, String(records / 4), String(size), String(aggregate)],
    ],
  });
  return [kpl('KPL 1.1.1', false), kpl('KPL 1.1.1, aggregated', true)];
}
