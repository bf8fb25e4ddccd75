import type { LocalService, ServiceEnvironment } from '../../service.js';
import { bucketDestination } from './bucket-destination.js';
import { bucketSettings } from './bucket-settings.js';
import { buckets } from './buckets.js';
import { copyObject } from './copy-object.js';
import { deleteObjects } from './delete-objects.js';
import { getObject } from './get-object.js';
import { listObjects } from './list-objects.js';
import { multipart } from './multipart.js';
import { ObjectFiles } from './object-files.js';
import { putObject } from './put-object.js';
import { S3State } from './s3-state.js';
import { tagging } from './tagging.js';

/** S3 as deployments and functions use it: objects streamed to disk and back, without versions, access control or notifications. */
export function createS3(environment: ServiceEnvironment): LocalService<'s3'> {
  const { clock, accountId, dataDir } = environment;
  const state = new S3State();
  const files = new ObjectFiles(dataDir);
  return {
    handlers: {
      ...buckets(state, clock, accountId),
      ...bucketSettings(state),
      ...tagging(state),
      ...listObjects(state, accountId),
      ...getObject(state, files),
      ...deleteObjects(state, files),
      ...multipart(state, files, clock, accountId),
      PutObject: putObject(state, files, clock),
      CopyObject: copyObject(state, files, clock),
    },
    destinations: [bucketDestination(environment)],
  };
}
