import { defineService } from '../../define-service.js';
import { bucketDestination } from './bucket-destination.js';
import { ObjectFiles } from './object-files.js';
import * as bucketSettings from './operations/bucket-settings.js';
import * as buckets from './operations/buckets.js';
import { copyObject } from './operations/copy-object.js';
import * as deleteObjects from './operations/delete-objects.js';
import * as getObject from './operations/get-object.js';
import * as listObjects from './operations/list-objects.js';
import * as multipart from './operations/multipart.js';
import { putObject } from './operations/put-object.js';
import * as tagging from './operations/tagging.js';
import { S3State } from './s3-state.js';

/** S3 as deployments and functions use it: objects streamed to disk and back, without versions, access control or notifications. */
export const s3 = defineService({
  id: 's3',
  title: 'S3',
  state: ({ clock, dataDir }) => new S3State(clock, new ObjectFiles(dataDir)),
  operations: [
    ...Object.values(bucketSettings),
    ...Object.values(buckets),
    copyObject,
    ...Object.values(deleteObjects),
    ...Object.values(getObject),
    ...Object.values(listObjects),
    ...Object.values(multipart),
    putObject,
    ...Object.values(tagging),
  ],
  destinations: (_state, environment) => [bucketDestination(environment)],
  gaps: [
    '**No versions.** Versioning is remembered and reported; an object has one version, `null`.',
    "**No access control**, but for reads without a signature: an object is read so if its bucket's policy allows `s3:GetObject` to everybody without a condition, and RestrictPublicBuckets is off; ACLs are not looked at. Policies, public access blocks, ownership and CORS are kept and given back; signatures and the expiry of presigned URLs are not checked. Uploads by browser forms (POST) are an unknown operation.",
    '**No life of their own.** Lifecycle rules and encryption settings are kept and change nothing; notifications, replication, inventory, analytics, object lock, website hosting and Select answer 501.',
    "**Checksums** CRC32, CRC32C, SHA-1 and SHA-256 are computed and verified, in headers and in trailers. CRC64NVME is kept as it came in a header. A multipart object's checksum is the composite one.",
  ],
});
