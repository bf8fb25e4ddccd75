import { explainSdkError } from '../../target/explain-sdk-error.js';
import type { Finding } from '../check-report.js';
import type { ProbeSpec } from '../probes/probes.js';
import type { Case, Edge, Look } from './case.js';
import { lookAtDatabase } from './look-at-database.js';
import { lookAtFunction } from './look-at-function.js';
import { lookAtInert } from './look-at-inert.js';
import { lookAtLogGroup } from './look-at-log-group.js';
import { lookAtMapping } from './look-at-mapping.js';
import { lookAtQueue } from './look-at-queue.js';
import { lookAtRecorder } from './look-at-recorder.js';
import { lookAtSender } from './look-at-sender.js';
import { lookAtStream } from './look-at-stream.js';
import { lookAtSubscription } from './look-at-subscription.js';
import { lookAtTable } from './look-at-table.js';
import { lookAtUnmarked } from './look-at-unmarked.js';

/** In the order of a pipeline, from what feeds a hop to the hop itself. */
const LOOKS: readonly Look[] = [
  lookAtSender,
  lookAtLogGroup,
  lookAtSubscription,
  lookAtMapping,
  lookAtFunction,
  lookAtStream,
  lookAtTable,
  lookAtQueue,
  lookAtRecorder,
  lookAtDatabase,
  lookAtUnmarked,
  lookAtInert,
];

/** Looks at the pipeline on both sides of each hop that broke the verdict, and says what it finds: causes first. Never throws. */
export async function diagnose(pipeline: Case): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const hop of pipeline.brokenHops) found.push(...(await diagnoseHop(hop, pipeline)));
  // Several may have failed for one reason.
  const findings = [...new Map(found.reverse().map((finding) => [finding.text, finding])).values()].reverse();
  return [
    ...findings.filter(({ weight }) => weight === 'cause'),
    ...findings.filter(({ weight }) => weight === 'hint'),
  ];
}

async function diagnoseHop(hop: string, pipeline: Case): Promise<Finding[]> {
  const edge = edgeTo(hop, pipeline);
  if (!edge) return [];
  const { target } = pipeline.session.options.clients;
  const found = await Promise.all(
    LOOKS.map((look) =>
      look(edge, pipeline).catch((error: Error): Finding[] => {
        const why = explainSdkError(error, target)?.message ?? `${error.name}: ${error.message}`;
        return [{ hop, weight: 'hint', text: `Part of the pipeline could not be looked at: ${why}` }];
      }),
    ),
  );
  const findings = found.flat();
  if (findings.length > 0 || !pipeline.missing.has(hop)) return findings;
  const text = `Nothing that can be looked at failed on the way to ${hop}: what hands events on there may leave some out, or not write {marker}.`;
  return [{ hop, weight: 'hint', text }];
}

function edgeTo(hop: string, { check }: Case): Edge | undefined {
  const index = check.hops.findIndex(({ name }) => name === hop);
  const broken = check.hops[index];
  if (!broken) return undefined;
  const { send } = check;
  const source: ProbeSpec | undefined = send.kind === 'put' ? { kind: 'stream', stream: send.stream } : undefined;
  const first = broken.after === undefined;
  const from = first ? source : check.hops.find(({ name }) => name === broken.after)?.probe;
  return { hop, first, from, to: broken.probe };
}
