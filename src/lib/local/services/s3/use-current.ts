import type { StoredObject } from './s3-state.js';

/**
 * Uses the file of the object that is there now. Where the object was replaced or deleted before its file was opened, `use` has the new one,
 * or `find` says that there is none.
 */
export async function useCurrent<Result>(
  find: () => StoredObject,
  use: (object: StoredObject) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const object = find();
    try {
      return await use(object);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone || find() === object) throw error;
    }
  }
}
