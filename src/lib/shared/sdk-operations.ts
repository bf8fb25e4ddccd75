// What a client module of the AWS SDK tells by its command classes: the names of the operations, what goes in and what comes out. Types only.

/** `PutRecords` of `PutRecordsCommand`. */
export type OperationName<K> = K extends `${infer Name}Command` ? (K extends `$${string}` ? never : Name) : never;

export type InputOf<C> = C extends new (input: never) => { input: infer Input } ? Input : never;

export type OutputOf<C> = C extends new (
  ...args: never[]
) => {
  resolveMiddleware(stack: never, config: never, options: never): (args: never) => Promise<{ output: infer Output }>;
}
  ? Omit<Output, '$metadata'>
  : never;
