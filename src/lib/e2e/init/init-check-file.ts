import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperationError, UsageError } from '../../shared/errors.js';
import { nearMatches } from '../../shared/near-matches.js';
import { listExports } from '../../stack/list-exports.js';
import type { Clients } from '../../target/clients.js';
import { parseCheckFile } from '../check-file/parse-check-file.js';
import { targetWords } from '../target-words.js';
import { discoverPipelines, type FoundPipeline } from './discover-pipelines.js';
import { writeCheckFile } from './write-check-file.js';

const FILE = 'pipectl.yaml';

export interface InitOptions {
  clients: Clients;
  /** A stream, or a stack that has one; left out, it is asked for where there is a choice. */
  wanted: string | undefined;
  signal: AbortSignal;
  /** Asks a person to choose; undefined where nobody can be asked. */
  ask: ((question: string, choices: readonly string[]) => Promise<number>) | undefined;
}

/**
 * Writes a check file from what stands at the target.
 * @returns the path of the file, the stream it is about, and what to do next
 * @throws UsageError when there is a file already, or a choice that nobody can make; OperationError when there is nothing to check
 */
export async function initCheckFile({
  clients,
  wanted,
  signal,
  ask,
}: InitOptions): Promise<{ path: string; stream: string; next: string }> {
  const path = resolve(FILE);
  if (await stat(path).catch(() => undefined)) {
    throw new UsageError(`There is a ${FILE} here already.`, {
      hint: 'Move it away, or add the check to it by hand; docs/e2e.md tells every key.',
    });
  }
  const found = await discoverPipelines(clients, signal);
  if (found.length === 0) {
    throw new OperationError('There is no stream here to write a check for.', {
      hint: 'Deploy the pipeline first: pipectl deploy TEMPLATE --stack NAME',
    });
  }
  const resources = wanted === undefined ? undefined : await streamsOfStack(clients, wanted, signal);
  const named = found.filter(({ streamName }) => streamName === wanted || resources?.includes(streamName));
  if (wanted !== undefined && named.length === 0) {
    const near = nearMatches(
      wanted,
      found.map(({ streamName }) => streamName),
      3,
    );
    throw new UsageError(`There is neither a stream "${wanted}" nor a stack of that name with one.`, {
      hint: `There is ${(near.length > 0 ? near : found.map(({ streamName }) => streamName)).join(', ')}.`,
    });
  }
  const pipeline = await choose(wanted === undefined ? found : named, ask);
  const command = ['pipectl', 'e2e', ...targetWords(clients.target)].join(' ');
  const text = writeCheckFile(pipeline, await referencesFor(clients, signal), command);
  parseCheckFile(text, path);
  await writeFile(path, text, { flag: 'wx' });
  return { path, stream: pipeline.streamName, next: `look at its payload, then run \`${command}\`` };
}

async function choose(pipelines: readonly FoundPipeline[], ask: InitOptions['ask']): Promise<FoundPipeline> {
  const [only] = pipelines;
  if (only && pipelines.length === 1) return only;
  if (!ask) {
    throw new UsageError(
      `There are ${pipelines.length} streams: ${pipelines.map(({ streamName }) => streamName).join(', ')}.`,
      {
        hint: 'Name the one to check: pipectl e2e --init STREAM',
      },
    );
  }
  const chosen = pipelines[await ask('Which stream is the pipeline’s?', pipelines.map(describe))];
  if (!chosen) throw new UsageError('None was chosen.');
  return chosen;
}

function describe({ streamName, logGroup, readers }: FoundPipeline): string {
  return [logGroup, streamName, readers.join(', ')].filter(Boolean).join(' → ');
}

async function streamsOfStack(clients: Clients, stackName: string, signal: AbortSignal): Promise<string[] | undefined> {
  const { DescribeStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const page = await client
    .send(new DescribeStackResourcesCommand({ StackName: stackName }), { abortSignal: signal })
    .catch(() => undefined); // no stack of that name: it may be a stream's
  return page?.StackResources?.flatMap(({ ResourceType, PhysicalResourceId: id }) =>
    ResourceType === 'AWS::Kinesis::Stream' && id !== undefined ? [id] : [],
  );
}

/** Names outlive values: exports first, then outputs. */
async function referencesFor(clients: Clients, signal: AbortSignal): Promise<Map<string, string>> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const references = new Map<string, string>();
  for (const { name, value } of await listExports(clients, signal)) references.set(value, `export:${name}`);
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeStacksCommand({ NextToken }), { abortSignal: signal });
    for (const { StackName, Outputs = [] } of page.Stacks ?? [])
      for (const { OutputKey, OutputValue } of Outputs)
        if (OutputValue !== undefined && !references.has(OutputValue))
          references.set(OutputValue, `output:${StackName}.${OutputKey}`);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return references;
}
