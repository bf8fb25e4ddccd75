import * as Flags from '@oclif/core/flags';
import { type NamedFailModes, parseFailFlag } from '../project/fail-mode.js';
import { type NamedAddress, parseRecorderHost } from '../project/recorder-address.js';
import { parseRunName } from '../project/run-name.js';
import { parseCountRate } from '../shared/rate.js';
import { durationFlag, integerFlag, readWith } from './flags.js';

/** The flags of `pipectl e2e`: which checks, how much is sent, where, and what is written. */
export const e2eFlags = {
  init: Flags.boolean({
    description: 'Write a pipectl.yaml from what stands at the target; CHECK is then a stream or a stack.',
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
  demo: Flags.boolean({ description: 'Run a sample pipeline that comes with pipectl.', helpLabel: '--demo [NAME]' }),
  all: Flags.boolean({ description: 'Run every check of the file.' }),
  events: integerFlag({ description: 'How many events, instead of what the check says.', helpValue: 'N', min: 1 }),
  rate: Flags.custom<number>({ parse: readWith(parseCountRate) })({
    description: 'How fast they are sent: 50/s, 300/m.',
    helpValue: 'RATE',
  }),
  timeout: durationFlag({
    description: 'How long they may take to arrive, once the way is open: 30s, 5m.',
    helpValue: 'TIME',
  }),
  repeat: integerFlag({ description: 'Send so many times over one deployment.', helpValue: 'N', min: 1, default: 1 }),
  deploy: Flags.boolean({
    description: 'Deploy first what the check says; --no-deploy uses what stands.',
    default: true,
    allowNo: true,
  }),
  keep: Flags.boolean({ description: 'Keep the stacks after the run.' }),
  'update-existing': Flags.boolean({
    description: 'Update stacks that no check made, and restore them after the run.',
    exclusive: ['keep'],
  }),
  run: Flags.custom<string>({ parse: readWith(parseRunName) })({
    description: 'What {run} in the check file stands for; a name that no other run has when left out.',
    helpValue: 'NAME',
  }),
  'recorder-host': Flags.custom<NamedAddress>({ parse: readWith(parseRecorderHost) })({
    description:
      'Where functions find the recorders of this machine: HOST, HOST:PORT, or URL=PORT for a tunnel; NAME= before it for one recorder.',
    helpValue: 'ADDRESS',
    multiple: true,
  }),
  fail: Flags.custom<NamedFailModes>({ parse: readWith(parseFailFlag) })({
    description: 'Have recorders refuse: "503 x3", "429 20%", "NAME=reset x1".',
    helpValue: 'MODES',
    multiple: true,
  }),
  junit: Flags.string({ description: 'Write a JUnit report.', helpValue: 'FILE' }),
  markdown: Flags.string({ description: 'Write a Markdown report.', helpValue: 'FILE' }),
  html: Flags.string({ description: 'Write a self-contained page.', helpValue: 'FILE' }),
  latencies: Flags.string({ description: 'Write the times of each event (.csv or .ndjson).', helpValue: 'FILE' }),
  tap: Flags.boolean({ description: 'Print TAP instead of tables.', exclusive: ['json'] }),
};

/** What `--recorder-host` and `--fail` say, by recorder. */
export const recorderWishes = (flags: {
  'recorder-host'?: readonly NamedAddress[] | undefined;
  fail?: readonly NamedFailModes[] | undefined;
}) => ({
  addresses: new Map(flags['recorder-host']?.map(({ name, address }) => [name, address])),
  failModes: new Map(flags.fail?.map(({ name, modes }) => [name, modes])),
});
