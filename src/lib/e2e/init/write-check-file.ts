import type { FoundPipeline } from './discover-pipelines.js';

/** A value of the target and the reference that stands for it: `export:NAME` or `output:STACK.KEY`. */
export type References = ReadonlyMap<string, string>;

/**
 * The text of a check file for a pipeline that stands: one to begin with. What can be seen for certain (a log group, the stream) is a hop;
 * a function is one only when it writes the marker to its log, which nobody can tell from outside, so it is left for the reader to switch on.
 * @param command what runs the check, for the reader
 */
export function writeCheckFile(pipeline: FoundPipeline, references: References, command: string): string {
  const { streamName, logGroup, filterPattern, readers } = pipeline;
  const refer = (value: string): string => quote(references.get(value) ?? value);
  const logger = logGroup?.startsWith('/aws/lambda/') ? logGroup.slice('/aws/lambda/'.length) : undefined;
  const groupArn = [...references.keys()].find(
    (value) => logGroup !== undefined && value.endsWith(`:log-group:${logGroup}:*`),
  );
  const lines = [
    `# Written by \`pipectl e2e --init\` from what feeds and reads the stream ${streamName}.`,
    `# Look at the payload, then: ${command}   Every key is told in docs/e2e.md.`,
    'send:',
    ...(logger === undefined
      ? [
          ...(logGroup === undefined
            ? []
            : [`  # The stream is fed by the log group ${logGroup}; these events enter behind it.`]),
          `  put: ${refer(streamName)}`,
          '  payload: { id: "{marker}" } # what the pipeline takes, with {marker} somewhere in it',
        ]
      : [
          `  invoke: ${refer(logger)}`,
          ...(filterPattern === undefined || filterPattern === ''
            ? []
            : [`  # What the function logs must match the subscription filter: ${oneLine(filterPattern)}`]),
          '  payload: { message: "{marker}" } # what the function takes, with {marker} somewhere in it',
        ]),
    '  count: 20',
    '  rate: 20/s',
    '',
    'hops: # in order; an event must be seen at each',
    ...(logGroup === undefined || logger === undefined ? [] : [`  - logged: { log: ${refer(groupArn ?? logGroup)} }`]),
    `  - streamed: { stream: ${refer(streamName)} }`,
    ...(readers.length === 0 ? [] : ['  # What reads the stream; a hop once it writes {marker} to its log:']),
    ...readers.map((reader, index) => {
      const name = readers.length === 1 ? 'handled' : `handled-${index + 1}`;
      return `  # - ${name}: { function: ${refer(reader)} }`;
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

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
