import { defineService } from '../../define-service.js';
import { AnalyticsState } from './analytics-state.js';
import {
  createApplication,
  deleteApplication,
  describe,
  listApplications,
  updateApplication,
} from './operations/applications.js';
import { addApplicationInput, addApplicationOutput, deleteApplicationOutput } from './operations/parts.js';
import { listTagsForResource, tagResource, untagResource } from './operations/resource-tags.js';
import { startApplication, stopApplication } from './operations/run.js';

/** Kinesis Analytics: SQL applications that read a stream and write to functions and streams. */
export const kinesisAnalyticsV2 = defineService({
  id: 'kinesis-analytics-v2',
  title: 'Kinesis Analytics',
  invalid: 'InvalidArgumentException',
  state: (environment) => new AnalyticsState(environment),
  operations: [
    addApplicationInput,
    addApplicationOutput,
    createApplication,
    deleteApplication,
    deleteApplicationOutput,
    describe,
    listApplications,
    listTagsForResource,
    startApplication,
    stopApplication,
    tagResource,
    untagResource,
    updateApplication,
  ],
  close: (state) => state.close(),
  gaps: [
    '**Flink applications** are kept; StartApplication refuses them.',
    '**Reference data, preprocessing functions, Firehose and DiscoverInputSchema** are not here, nor is the API of version 1 (KinesisAnalytics_20150814).',
    '**Windows** lose their rows if an application is stopped or changed: LAST_STOPPED_POINT is the last record that was read.',
    '**Functions that do not acknowledge records** get one row an invocation; on AWS those rows are delivered again without end. The log says so.',
  ],
});
