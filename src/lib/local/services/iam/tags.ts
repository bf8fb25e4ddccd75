export const tagList = (tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

export const tagMap = (tags: readonly { Key: string; Value: string }[] | undefined): Map<string, string> =>
  new Map((tags ?? []).map(({ Key, Value }) => [Key, Value]));
