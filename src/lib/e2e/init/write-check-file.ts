import type { FoundPipeline } from './discover-pipelines.js';

/** A value of the target and the reference that stands for it: `export:NAME` or `output:STACK.KEY`. */
export type References = ReadonlyMap<string, string>;

/** The text of a check file for a pipeline that stands: one to begin with, its guesses marked as such. */
export function writeCheckFile(pipeline: FoundPipeline, references: References): string {
  const { streamName, logGroup, readers } = pipeline;
  const refer = (value: string): string => references.get(value) ?? value;
  const logger = logGroup?.startsWith('/aws/lambda/') ? logGroup.slice('/aws/lambda/'.length) : undefined;
  const groupArn = [...references.keys()].find(
    (value) => logGroup !== undefined && value.endsWith(`:log-group:${logGroup}:*`),
  );
  const lines = [
    `# Written by \`pipectl e2e --init\` from the stream ${streamName}. Run it with \`pipectl e2e --no-deploy\`; docs/e2e.md tells every key.`,
    'send:',
    ...(logger === undefined
      ? [
          `  put: ${quote(refer(streamName))}`,
          '  payload: { id: "{marker}" } # what the pipeline takes, with {marker} somewhere in it',
        ]
      : [
          `  invoke: ${quote(refer(logger))}`,
          '  payload: { message: "{marker}" } # what the function takes, with {marker} somewhere in it',
        ]),
    '  count: 20',
    '  rate: 20/s',
    '',
    'hops: # in order; an event must be seen at each',
    ...(logGroup === undefined || logger === undefined
      ? []
      : [`  - logged: { log: ${quote(refer(groupArn ?? logGroup))} }`]),
    `  - streamed: { stream: ${quote(refer(streamName))} }`,
    ...readers.map((reader, index) => {
      const name = readers.length === 1 ? 'handled' : `handled-${index + 1}`;
      return `  - ${name}: { function: ${quote(refer(reader))} } # must write {marker} to its log`;
    }),
    '',
    'expect:',
    '  within: 60s',
    '  lost: 0',
    '',
  ];
  return lines.join('\n');
}

/** As YAML takes it inside braces. */
const quote = (text: string): string => (/^[\w./:$-]+$/.test(text) && !/:$/.test(text) ? text : JSON.stringify(text));
