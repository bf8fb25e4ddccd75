import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { checkWrite } from './conditions.js';
import type { ObjectFiles } from './object-files.js';
import type { Bucket, S3State } from './s3-state.js';

const MOST_KEYS = 1000;

export function deleteObjects(
  state: S3State,
  files: ObjectFiles,
): Pick<Handlers<'s3'>, 'DeleteObject' | 'DeleteObjects'> {
  const remove = async (bucket: Bucket, key: string): Promise<void> => {
    const object = state.remove(bucket, key);
    if (object) await files.remove([object.file]);
  };
  return {
    /** Deleting what is not there succeeds, as on AWS. */
    async DeleteObject(input) {
      const bucket = state.bucket(input.Bucket);
      if (input.IfMatch !== undefined) checkWrite(bucket.objects.get(input.Key), { IfMatch: input.IfMatch }, input.Key);
      await remove(bucket, input.Key);
      return {};
    },

    async DeleteObjects(input) {
      const bucket = state.bucket(input.Bucket);
      const { Objects, Quiet } = input.Delete;
      if (Objects.length === 0 || Objects.length > MOST_KEYS) {
        throw new AwsError(
          'MalformedXML',
          'The XML you provided was not well-formed or did not validate against our published schema',
          { status: 400 },
        );
      }
      await Promise.all(Objects.map(({ Key }) => remove(bucket, Key)));
      return { Deleted: Quiet ? [] : Objects.map(({ Key }) => ({ Key })), Errors: [] };
    },
  };
}
