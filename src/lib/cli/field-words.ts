/** What other tools call it, and what it is here. */
export const VERBS_OF_THE_FIELD: ReadonlyMap<string, string> = new Map([
  ...['describe', 'list', 'ls', 'get', 'show', 'describe-stream', 'list-streams'].map(
    (verb) => [verb, 'streams'] as const,
  ),
  ...['create', 'make', 'create-stream'].map((verb) => [verb, 'provision'] as const),
  ...['send', 'put', 'publish', 'write', 'put-record', 'put-records'].map((verb) => [verb, 'produce'] as const),
  ...['read', 'get-records', 'follow', 'watch', 'cat'].map((verb) => [verb, 'tail'] as const),
  ...['query', 'select'].map((verb) => [verb, 'sql'] as const),
  ...['delete', 'rm', 'remove', 'delete-stream'].map((verb) => [verb, 'streams --delete'] as const),
]);

const DESTRUCTIVE = new Set(['destroy', 'local stop', '--delete', '--yes', '--force']);

/** Whether a command or a flag takes away what does not come back: a slip of the keys never leads to one. */
export const isDestructive = (word: string): boolean => DESTRUCTIVE.has(word);
