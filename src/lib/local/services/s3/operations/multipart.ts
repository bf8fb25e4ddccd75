import { randomBytes } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { readCopyRange } from '../byte-range.js';
import { chooseParts, compositeChecksums, wholeEtag } from '../completed-parts.js';
import { checkWrite } from '../conditions.js';
import { readCopySource } from '../copy-source.js';
import { checkKey } from '../object-key.js';
import { ownerOf } from '../owner.js';
import { invalidArgument, s3Error } from '../s3-error.js';
import {
  type Bucket,
  compareUtf8,
  type S3State,
  type StoredObject,
  type Upload,
  type UploadedPart,
} from '../s3-state.js';
import {
  allChecksums,
  announcedBytes,
  attributesOf,
  bodyOf,
  checksumMembers,
  checksumsWanted,
  readAttributes,
  signedSha256,
  verifyBody,
} from '../stored-attributes.js';
import { useCurrent } from '../use-current.js';

const MOST_PARTS = 10_000;

export const createMultipartUpload = defineOperation('s3', 'CreateMultipartUpload').as({
  run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    checkKey(input.Key);
    const upload: Upload = {
      ...readAttributes(input),
      id: randomBytes(48).toString('base64url'),
      key: input.Key,
      initiated: new Date(state.clock.now()),
      checksumAlgorithm: input.ChecksumAlgorithm,
      parts: new Map(),
    };
    bucket.uploads.set(upload.id, upload);
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      ChecksumAlgorithm: input.ChecksumAlgorithm,
      ChecksumType: input.ChecksumAlgorithm === undefined ? undefined : (input.ChecksumType ?? 'COMPOSITE'),
    };
  },
});

export const uploadPart = defineOperation('s3', 'UploadPart').as({
  async run(state: S3State, input, context) {
    const upload = findUpload(state.bucket(input.Bucket), input.Key, input.UploadId);
    checkPartNumber(input.PartNumber);
    const body = await state.files.write(bodyOf(input.Body), {
      algorithms: checksumsWanted({ ...input, ChecksumAlgorithm: upload.checksumAlgorithm }, context),
      hexSha256: signedSha256(context) !== undefined,
      expectedBytes: announcedBytes(context),
    });
    try {
      verifyBody(body, input, context);
    } catch (error) {
      await state.files.remove([body.file]);
      throw error;
    }
    await stillThere(state, input, [body.file]);
    const part: UploadedPart = {
      number: input.PartNumber,
      file: body.file,
      sizeBytes: body.sizeBytes,
      etag: body.md5.toString('hex'),
      lastModified: new Date(state.clock.now()),
      checksums: allChecksums(body, input),
    };
    await keep(state, upload, part);
    return { ETag: `"${part.etag}"`, ...checksumMembers(part) };
  },
});

export const uploadPartCopy = defineOperation('s3', 'UploadPartCopy').as({
  async run(state: S3State, input) {
    const upload = findUpload(state.bucket(input.Bucket), input.Key, input.UploadId);
    checkPartNumber(input.PartNumber);
    const body = await useCurrent(
      () => readCopySource(state, input.CopySource, input),
      async (source) => {
        const range = readCopyRange(input.CopySourceRange, source.sizeBytes);
        return state.files.write(await state.files.read(source.file, range));
      },
    );
    await stillThere(state, input, [body.file]);
    const part: UploadedPart = {
      number: input.PartNumber,
      file: body.file,
      sizeBytes: body.sizeBytes,
      etag: body.md5.toString('hex'),
      lastModified: new Date(state.clock.now()),
      checksums: {},
    };
    await keep(state, upload, part);
    return { CopyPartResult: { ETag: `"${part.etag}"`, LastModified: part.lastModified } };
  },
});

export const completeMultipartUpload = defineOperation('s3', 'CompleteMultipartUpload').as({
  async run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    const upload = findUpload(bucket, input.Key, input.UploadId);
    // A part that is sent again meanwhile takes the place of the one that is being read.
    const [parts, body] = await useCurrent(
      () => chooseParts(findUpload(bucket, input.Key, input.UploadId), input.MultipartUpload?.Parts ?? []),
      async (chosen) => {
        checkWrite(bucket.objects.get(input.Key), input, input.Key);
        return [chosen, await state.files.concatenate(chosen.map(({ file }) => file))] as const;
      },
      (one, other) => one.every((part, index) => part === other[index]),
    );
    // Whoever completes or aborts first has it; the other finds the upload gone. The bucket may be gone too.
    if (state.buckets.get(bucket.name) !== bucket || !bucket.uploads.delete(upload.id)) {
      await state.files.remove([body.file]);
      throw s3Error('NoSuchUpload', { UploadId: upload.id });
    }
    const object: StoredObject = {
      ...attributesOf(upload),
      key: upload.key,
      file: body.file,
      sizeBytes: body.sizeBytes,
      etag: wholeEtag(parts),
      lastModified: new Date(state.clock.now()),
      checksums: compositeChecksums(parts),
      checksumType: 'COMPOSITE',
      partSizes: parts.map(({ sizeBytes }) => sizeBytes),
    };
    const replaced = state.store(bucket, object);
    await state.files.remove([...filesOf(upload), ...(replaced ? [replaced.file] : [])]);
    return {
      Bucket: bucket.name,
      Key: object.key,
      Location: `http://s3.${bucket.region}.amazonaws.com/${bucket.name}/${encodeURIComponent(object.key)}`,
      ETag: `"${object.etag}"`,
      ...checksumMembers(object),
      ChecksumType: Object.keys(object.checksums).length > 0 ? object.checksumType : undefined,
    };
  },
});

export const abortMultipartUpload = defineOperation('s3', 'AbortMultipartUpload').as({
  async run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    const upload = findUpload(bucket, input.Key, input.UploadId);
    bucket.uploads.delete(upload.id);
    await state.files.remove(filesOf(upload));
    return {};
  },
});

export const listParts = defineOperation('s3', 'ListParts').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const bucket = state.bucket(input.Bucket);
    const upload = findUpload(bucket, input.Key, input.UploadId);
    const after = Number(input.PartNumberMarker ?? 0);
    const limit = Math.min(input.MaxParts ?? 1000, 1000);
    const rest = inOrder(upload).filter(({ number }) => number > after);
    const parts = rest.slice(0, limit);
    const more = rest.length > parts.length;
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      Owner: owner,
      Initiator: owner,
      StorageClass: upload.storageClass as 'STANDARD',
      PartNumberMarker: String(after),
      NextPartNumberMarker: more ? String(parts.at(-1)?.number ?? after) : undefined,
      MaxParts: limit,
      IsTruncated: more,
      Parts: parts.map((part) => ({
        PartNumber: part.number,
        LastModified: part.lastModified,
        ETag: `"${part.etag}"`,
        Size: part.sizeBytes,
        ...checksumMembers(part),
      })),
    };
  },
});

export const listMultipartUploads = defineOperation('s3', 'ListMultipartUploads').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const bucket = state.bucket(input.Bucket);
    const limit = Math.min(input.MaxUploads ?? 1000, 1000);
    const place = ({ key, id }: { key: string; id: string }): string => `${key}\0${id}`;
    const after = input.KeyMarker === undefined ? undefined : `${input.KeyMarker}\0${input.UploadIdMarker ?? '\uffff'}`;
    const rest = [...bucket.uploads.values()]
      .filter((upload) => upload.key.startsWith(input.Prefix ?? ''))
      .sort((a, b) => compareUtf8(place(a), place(b)))
      .filter((upload) => after === undefined || compareUtf8(place(upload), after) > 0);
    const uploads = rest.slice(0, limit);
    const last = rest.length > uploads.length ? uploads.at(-1) : undefined;
    return {
      Bucket: bucket.name,
      Prefix: input.Prefix,
      KeyMarker: input.KeyMarker ?? '',
      UploadIdMarker: input.UploadIdMarker ?? '',
      NextKeyMarker: last?.key,
      NextUploadIdMarker: last?.id,
      MaxUploads: limit,
      IsTruncated: last !== undefined,
      Uploads: uploads.map((upload) => ({
        Key: upload.key,
        UploadId: upload.id,
        Initiated: upload.initiated,
        StorageClass: upload.storageClass as 'STANDARD',
        Owner: owner,
        Initiator: owner,
      })),
    };
  },
});

function findUpload(bucket: Bucket, key: string, id: string): Upload {
  const upload = bucket.uploads.get(id);
  if (upload?.key !== key) throw s3Error('NoSuchUpload', { UploadId: id });
  return upload;
}

function checkPartNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw invalidArgument(`Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
}

const inOrder = (upload: Upload): UploadedPart[] => [...upload.parts.values()].sort((a, b) => a.number - b.number);

const filesOf = (upload: Upload): string[] => [...upload.parts.values()].map(({ file }) => file);

async function keep({ files }: S3State, upload: Upload, part: UploadedPart): Promise<void> {
  const replaced = upload.parts.get(part.number);
  upload.parts.set(part.number, part);
  if (replaced) await files.remove([replaced.file]);
}

/** An upload that ended while a part of it was being written has no use for the part. */
async function stillThere(
  state: S3State,
  input: { Bucket: string; Key: string; UploadId: string },
  written: readonly string[],
): Promise<void> {
  try {
    findUpload(state.bucket(input.Bucket), input.Key, input.UploadId);
  } catch (error) {
    await state.files.remove(written);
    throw error;
  }
}
