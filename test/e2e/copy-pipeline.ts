import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ANALYTICS = fileURLToPath(new URL('../../pipelines/analytics/', import.meta.url));

/** A replacement in one file of the pipeline; what is to be replaced must be there. */
export interface Change {
  file: string;
  replace: string;
  by: string;
}

/** A sample pipeline, the analytics one unless another is named, in a folder of its own, with changes. @returns the path of its check file */
export function copyPipeline(changes: readonly Change[] = [], pipeline = ANALYTICS): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-pipeline-'));
  cpSync(pipeline, folder, { recursive: true });
  for (const { file, replace, by } of changes) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(replace)) throw new Error(`${file} does not hold ${replace}`);
    writeFileSync(
      path,
      text.replace(replace, () => by),
    );
  }
  return join(folder, 'pipectl.yaml');
}

/** A verdict that waits no longer than a test should. */
export const IMPATIENT: Change = {
  file: 'pipectl.yaml',
  replace: 'within: 30s',
  by: 'within: 2s\n  warmUp: 2s',
};

export const BROKEN_FILTER: Change = {
  file: 'data-pipeline.yaml',
  replace: '($.event_type = *)',
  by: '($.event_typo = *)',
};

export const THROWING_LOADER: Change = {
  file: 'functions/loader/index.mjs',
  replace: '  let delivered = 0;',
  by: "  throw new Error('the table is gone');",
};

export const NO_PRIMING: Change = {
  file: 'pipectl.yaml',
  replace:
    '  - invoke: export:test-logger-lambda-name # the log group that data-pipeline subscribes to appears with this\n    payload: { message: prime }\n',
  by: '',
};

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own
/** The pipeline with the run's name in all that a second run would meet: stacks, and the exports that lead from one to the other. */
export const PARALLEL: readonly Change[] = [
  {
    file: 'external-test-resources.yaml',
    replace: 'Name: test-logger-log-group-arn',
    by: 'Name: !Sub "${AWS::StackName}-log-group-arn"',
  },
  {
    file: 'external-test-resources.yaml',
    replace: 'Name: test-logger-lambda-name',
    by: 'Name: !Sub "${AWS::StackName}-lambda-name"',
  },
  { file: 'data-pipeline.yaml', replace: 'Parameters:', by: 'Parameters:\n  LoggerStack: { Type: String }' },
  {
    file: 'data-pipeline.yaml',
    replace: '!ImportValue test-logger-log-group-arn',
    by: '{ "Fn::ImportValue": !Sub "${LoggerStack}-log-group-arn" }',
  },
  { file: 'pipectl.yaml', replace: 'stack: external-test-resources', by: 'stack: logger-{run}' },
  { file: 'pipectl.yaml', replace: 'stack: data-pipeline', by: 'stack: pipeline-{run}' },
  { file: 'pipectl.yaml', replace: 'BatchingWindow: 0', by: 'BatchingWindow: 0\n      LoggerStack: logger-{run}' },
  {
    file: 'pipectl.yaml',
    replace: 'invoke: export:test-logger-lambda-name',
    by: 'invoke: export:logger-{run}-lambda-name',
  },
  {
    file: 'pipectl.yaml',
    replace: 'send:\n  invoke: export:test-logger-lambda-name',
    by: 'send:\n  invoke: export:logger-{run}-lambda-name',
  },
  {
    file: 'pipectl.yaml',
    replace: 'log: export:test-logger-log-group-arn',
    by: 'log: "export:logger-{run}-log-group-arn"',
  },
  {
    file: 'pipectl.yaml',
    replace: 'stream: output:data-pipeline.StreamName',
    by: 'stream: "output:pipeline-{run}.StreamName"',
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these were
