import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { checkWrite } from '../conditions.js';
import type { Bucket, S3State } from '../s3-state.js';

const MOST_KEYS = 1000;

/** Deleting what is not there succeeds, as on AWS. */
export const deleteObject = defineOperation('s3', 'DeleteObject').as({
  async run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    if (input.IfMatch !== undefined) checkWrite(bucket.objects.get(input.Key), { IfMatch: input.IfMatch }, input.Key);
    await remove(state, bucket, input.Key);
    return {};
  },
});

export const deleteObjects = defineOperation('s3', 'DeleteObjects').as({
  async run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    const { Objects, Quiet } = input.Delete;
    if (Objects.length === 0 || Objects.length > MOST_KEYS) {
      throw new AwsError(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
        { status: 400 },
      );
    }
    await Promise.all(Objects.map(({ Key }) => remove(state, bucket, Key)));
    return { Deleted: Quiet ? [] : Objects.map(({ Key }) => ({ Key })), Errors: [] };
  },
});

async function remove(state: S3State, bucket: Bucket, key: string): Promise<void> {
  const object = state.remove(bucket, key);
  if (object) await state.files.remove([object.file]);
}
