/** What every service leaves out; OMISSIONS.md is written from these lines. */
export const WIRE_GAPS: readonly string[] = [
  "**Signatures are not checked**, and nobody is refused for who they are. A signature's scope only tells the region and, for REST services, the service.",
  '**Lengths, patterns and enumerations** are checked by each operation that has behaviour, not by the wire: the schemas it follows do not hold them. Nor do they tell an integer from any other number.',
  "**The SDK's models decide what exists.** An operation that is newer than the installed clients is an unknown operation (400), not a missing one (501).",
  "**ListDirectoryBuckets** is told from ListBuckets by the name the SDK for JavaScript puts into the query; a client that relies on S3 Express' own host name gets ListBuckets.",
  '**A request has at most** 200,000 keys, lists and structures (50,000 parameters of a form), and 1,000,000 items of lists; more are refused like a body that does not parse. AWS names no such limits. A body whose sender is slower than 1 KiB a second ends after a minute.',
  '**SerializationException** says `Integer` for every kind of number in JSON, because the schemas hold no other. A body that breaks a constraint and lacks a required member gets the missing members alone.',
];
