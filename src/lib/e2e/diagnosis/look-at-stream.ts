import type { Finding } from '../check-report.js';
import type { Look } from './case.js';

/** Whether the streams on either side stand and are not being changed. */
export const lookAtStream: Look = async (edge, { session, throttledReads, targetSinceMs }) => {
  const { DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await session.options.clients.kinesis();
  const findings: Finding[] = [];
  const throttled = throttledReads.get(edge.hop);
  if (throttled !== undefined && edge.to.kind === 'stream')
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `Reads of its shards were throttled ${throttled} times: others read them too, and a shard allows five reads a second in all.`,
    });
  for (const probe of [edge.from, edge.to]) {
    if (probe?.kind !== 'stream') continue;
    const stream = await session.resolver.resolve(probe.stream);
    const address = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
    const found = await kinesis.send(new DescribeStreamSummaryCommand(address)).then(
      (answer) => answer.StreamDescriptionSummary,
      (error: Error) => {
        if (error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      },
    );
    const status = found === undefined ? 'missing' : found.StreamStatus;
    const madeAt = found?.StreamCreationTimestamp;
    if (madeAt && madeAt.getTime() > targetSinceMs)
      findings.push({
        hop: edge.hop,
        weight: 'cause' as const,
        text: `The stream ${stream} was made anew during the run, at ${madeAt.toISOString()}: what the one before held is gone.`,
      });
    if (status === 'ACTIVE') continue;
    const text = status === 'missing' ? `There is no stream ${stream} any more.` : `The stream ${stream} is ${status}.`;
    findings.push({ hop: edge.hop, weight: status === 'UPDATING' ? 'hint' : 'cause', text });
  }
  return findings;
};
