import type { Look } from './case.js';

/** Whether the streams on either side stand and are not being changed. */
export const lookAtStream: Look = async (edge, { session }) => {
  const { DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await session.options.clients.kinesis();
  const findings = [];
  for (const probe of [edge.from, edge.to]) {
    if (probe?.kind !== 'stream') continue;
    const stream = await session.resolver.resolve(probe.stream);
    const address = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
    const status = await kinesis.send(new DescribeStreamSummaryCommand(address)).then(
      (answer) => answer.StreamDescriptionSummary?.StreamStatus,
      (error: Error) => {
        if (error.name === 'ResourceNotFoundException') return 'missing';
        throw error;
      },
    );
    if (status === 'ACTIVE') continue;
    const text = status === 'missing' ? `There is no stream ${stream} any more.` : `The stream ${stream} is ${status}.`;
    findings.push({ hop: edge.hop, weight: status === 'UPDATING' ? ('hint' as const) : ('cause' as const), text });
  }
  return findings;
};
