import * as Flags from '@oclif/core/flags';
import { type NamedFailModes, parseFailFlag } from '../project/fail-mode.js';
import { type NamedAddress, parseRecorderHost } from '../project/recorder-address.js';
import { parseRunName } from '../project/run-name.js';
import { parseCountRate } from '../shared/rate.js';
import { durationFlag, integerFlag, readWith } from './flags.js';

/** The flags of `pipectl e2e`: which checks, how much is sent, where, and what is written. */
export const e2eFlags = {
  init: Flags.boolean({
    helpGroup: 'CHECKS',
    description: 'Write a pipectl.yaml for a deployed pipeline (CHECK: stream or stack).',
    // Whatever is about a run.
    exclusive: [
      'demo',
      'all',
      'events',
      'rate',
      'timeout',
      'keep',
      'update-existing',
      'run',
      'recorder-host',
      'fail',
      'junit',
      'markdown',
      'html',
      'latencies',
      'tap',
    ],
  }),
  demo: Flags.boolean({ helpGroup: 'CHECKS', description: 'Run a sample pipeline.', helpLabel: '--demo [NAME]' }),
  all: Flags.boolean({ helpGroup: 'CHECKS', description: 'Run every check in the file.' }),
  events: integerFlag({ helpGroup: 'EVENTS', description: 'Number of events.', helpValue: 'N', min: 1 }),
  rate: Flags.custom<number>({ parse: readWith(parseCountRate) })({
    helpGroup: 'EVENTS',
    description: 'Send rate: 50/s, 300/m.',
    helpValue: 'RATE',
  }),
  timeout: durationFlag({
    helpGroup: 'EVENTS',
    description: 'Maximum time for events to arrive: 30s, 5m.',
    helpValue: 'TIME',
  }),
  repeat: integerFlag({
    helpGroup: 'CHECKS',
    description: 'Run N times on one deployment.',
    helpValue: 'N',
    min: 1,
    default: 1,
  }),
  deploy: Flags.boolean({
    helpGroup: 'DEPLOYMENT',
    description: 'Deploy the stacks of the check; --no-deploy uses existing ones.',
    default: true,
    allowNo: true,
  }),
  keep: Flags.boolean({ helpGroup: 'DEPLOYMENT', description: 'Keep the stacks after the run.' }),
  'update-existing': Flags.boolean({
    helpGroup: 'DEPLOYMENT',
    description: 'Update stacks that no check made, and restore them after the run.',
    exclusive: ['keep'],
  }),
  run: Flags.custom<string>({ parse: readWith(parseRunName) })({
    helpGroup: 'DEPLOYMENT',
    description: 'Value of {run} in the check file (default unique).',
    helpValue: 'NAME',
  }),
  'recorder-host': Flags.custom<NamedAddress>({ parse: readWith(parseRecorderHost) })({
    helpGroup: 'DEPLOYMENT',
    description: 'Address of the recorders, as functions see it (repeatable).',
    helpValue: 'ADDRESS',
    multiple: true,
  }),
  fail: Flags.custom<NamedFailModes>({ parse: readWith(parseFailFlag) })({
    helpGroup: 'EVENTS',
    description: 'Make recorders fail: "503 x3", "429 20%" (repeatable).',
    helpValue: 'MODES',
    multiple: true,
  }),
  junit: Flags.string({ helpGroup: 'REPORTS', description: 'Write a JUnit report.', helpValue: 'FILE' }),
  markdown: Flags.string({ helpGroup: 'REPORTS', description: 'Write a Markdown report.', helpValue: 'FILE' }),
  html: Flags.string({ helpGroup: 'REPORTS', description: 'Write an HTML report.', helpValue: 'FILE' }),
  latencies: Flags.string({
    helpGroup: 'REPORTS',
    description: 'Write the times of each event (.csv, .ndjson).',
    helpValue: 'FILE',
  }),
  tap: Flags.boolean({ helpGroup: 'REPORTS', description: 'Print TAP on stdout.', exclusive: ['json'] }),
};

/** What `--recorder-host` and `--fail` say, by recorder. */
export const recorderWishes = (flags: {
  'recorder-host'?: readonly NamedAddress[] | undefined;
  fail?: readonly NamedFailModes[] | undefined;
}) => ({
  addresses: new Map(flags['recorder-host']?.map(({ name, address }) => [name, address])),
  failModes: new Map(flags.fail?.map(({ name, modes }) => [name, modes])),
});
