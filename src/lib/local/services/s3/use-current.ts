/**
 * Uses the files of what is there now. Where it was replaced or deleted before they were opened, `use` has the new one, or `find` says that
 * there is none.
 */
export async function useCurrent<Found, Result>(
  find: () => Found,
  use: (found: Found) => Promise<Result>,
  isSame: (one: Found, other: Found) => boolean = (one, other) => one === other,
): Promise<Result> {
  for (;;) {
    const found = find();
    try {
      return await use(found);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone || isSame(find(), found)) throw error;
    }
  }
}
