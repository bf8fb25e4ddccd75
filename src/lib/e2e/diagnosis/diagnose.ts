import type { ProbeSpec } from '../../project/project-file.js';
import { explainSdkError } from '../../target/explain-sdk-error.js';
import type { Finding } from '../check-report.js';
import type { Case, Edge, Look } from './case.js';
import { lookAtLogGroup } from './look-at-log-group.js';
import { lookAtMapping } from './look-at-mapping.js';
import { lookAtRecorder } from './look-at-recorder.js';
import { lookAtSender } from './look-at-sender.js';
import { lookAtStream } from './look-at-stream.js';
import { lookAtSubscription } from './look-at-subscription.js';

/** In the order of a pipeline, from what feeds a hop to the hop itself. */
const LOOKS: readonly Look[] = [
  lookAtSender,
  lookAtLogGroup,
  lookAtSubscription,
  lookAtMapping,
  lookAtStream,
  lookAtRecorder,
];

/** Looks at the pipeline on both sides of the hop that lost events, and says what it finds: causes first. Never throws. */
export async function diagnose(pipeline: Case): Promise<Finding[]> {
  const { check, brokenHop } = pipeline;
  const index = check.hops.findIndex((hop) => hop.name === brokenHop);
  const broken = check.hops[index];
  if (!broken) return [];
  const { send } = check;
  const source: ProbeSpec | undefined = send.kind === 'put' ? { kind: 'stream', stream: send.stream } : undefined;
  const edge: Edge = {
    hop: broken.name,
    first: index === 0,
    from: index === 0 ? source : check.hops[index - 1]?.probe,
    to: broken.probe,
  };
  const { target } = pipeline.session.options.clients;
  const found = await Promise.all(
    LOOKS.map((look) =>
      look(edge, pipeline).catch((error: Error): Finding[] => {
        const why = explainSdkError(error, target)?.message ?? `${error.name}: ${error.message}`;
        return [{ hop: edge.hop, weight: 'hint', text: `Part of the pipeline could not be looked at: ${why}` }];
      }),
    ),
  );
  // Several may have failed for one reason.
  const findings = [...new Map(found.flat().map((finding) => [finding.text, finding])).values()];
  return [
    ...findings.filter(({ weight }) => weight === 'cause'),
    ...findings.filter(({ weight }) => weight === 'hint'),
  ];
}
