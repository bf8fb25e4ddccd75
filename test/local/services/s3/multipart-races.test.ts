// What happens to an upload while one of its parts is being written or read.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Operation } from '../../../../src/lib/local/define-operation.js';
import { ObjectFiles } from '../../../../src/lib/local/services/s3/object-files.js';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from '../../../../src/lib/local/services/s3/operations/multipart.js';
import { S3State } from '../../../../src/lib/local/services/s3/s3-state.js';
import type { OperationContext } from '../../../../src/lib/local/wire/handlers.js';
import { systemClock } from '../../../../src/lib/shared/clock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'multipart-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Files that call `meanwhile` once, before the first of several is read or after the first body was written. */
class InterruptedFiles extends ObjectFiles {
  meanwhile: (() => Promise<unknown>) | undefined;

  async #interrupt(): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
  }

  override async write(...args: Parameters<ObjectFiles['write']>) {
    const body = await super.write(...args);
    await this.#interrupt();
    return body;
  }

  override async concatenate(...args: Parameters<ObjectFiles['concatenate']>) {
    await this.#interrupt();
    return super.concatenate(...args);
  }
}

function setUp() {
  const files = new InterruptedFiles(folder);
  const state = new S3State(systemClock, files);
  const bucket = {
    name: 'b',
    region: 'us-east-1',
    creationDate: new Date(0),
    objects: new Map(),
    uploads: new Map(),
    tags: undefined,
    settings: new Map(),
  };
  state.buckets.set('b', bucket);
  const context = { headers: {} } as OperationContext;
  const run = ({ run: operation }: Operation<'s3', S3State>, input: object) =>
    operation(state, input as never, context) as Promise<{ ETag?: string }>;
  const at = { Bucket: 'b', Key: 'k' };
  run(createMultipartUpload, at);
  const [UploadId] = bucket.uploads.keys();
  const upload = (text: string) => run(uploadPart, { ...at, UploadId, PartNumber: 1, Body: Readable.from([text]) });
  const complete = (ETag?: string) =>
    run(completeMultipartUpload, { ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  const abort = () => run(abortMultipartUpload, { ...at, UploadId });
  return { state, files, upload, complete, abort };
}

test('a part that is sent again while the upload is completed is the one that counts', async () => {
  const { state, files, upload, complete } = setUp();
  await upload('one');
  files.meanwhile = async () => upload('two');
  await complete();
  expect(state.bucket('b').objects.get('k')).toMatchObject({ sizeBytes: 3 });
  expect(await readdir(join(folder, 's3'))).toHaveLength(1);
});

test('a part with another ETag than the completion names is no longer there', async () => {
  const { files, upload, complete } = setUp();
  const { ETag } = (await upload('one')) as { ETag: string };
  files.meanwhile = async () => upload('two');
  await expect(complete(ETag)).rejects.toMatchObject({ code: 'InvalidPart' });
});

test('an upload that is aborted while it is completed, or while a part comes, leaves no file', async () => {
  const completing = setUp();
  await completing.upload('one');
  completing.files.meanwhile = completing.abort;
  await expect(completing.complete()).rejects.toMatchObject({ code: 'NoSuchUpload' });
  const uploading = setUp();
  uploading.files.meanwhile = uploading.abort;
  await expect(uploading.upload('one')).rejects.toMatchObject({ code: 'NoSuchUpload' });
  expect(await readdir(join(folder, 's3'))).toEqual([]);
});
