import type { ProbeSpec } from '../check-file/check.js';
import { openFunctionProbe } from './open-function-probe.js';
import { openHttpProbe } from './open-http-probe.js';
import { openLogProbe } from './open-log-probe.js';
import { openStreamProbe } from './open-stream-probe.js';
import type { Probe, ProbeContext } from './probe.js';

/** Opens what watches one hop. Adding a probe: its file, its line here, its key in the project file's schema. */
export function openProbe(spec: ProbeSpec, context: ProbeContext): Promise<Probe> {
  switch (spec.kind) {
    case 'log':
      return openLogProbe(spec.group, context);
    case 'stream':
      return openStreamProbe(spec.stream, context);
    case 'http':
      return openHttpProbe(spec.recorder, context);
    case 'function':
      return openFunctionProbe(spec.functionName, context);
  }
}
