/** What stand-ins for AWS are known not to do, as far as it bears on a verdict. Each was seen with the version named. */
const CAVEATS: readonly { product: RegExp; lacks: readonly string[] }[] = [
  {
    // Seen with 4.14.0.
    product: /^LocalStack\b/,
    lacks: [
      'shard limits are not enforced, so nothing is ever throttled',
      'RetentionPeriodHours in a template is not applied',
      'SubscribeToShard delivers nothing',
      'an export can be deleted while it is imported',
    ],
  },
  {
    // Seen with 4.14.0; the edition stands in its health page when it runs as its image.
    product: /^LocalStack\b.*\(community\)/,
    lacks: ['subscription filters let every line pass, so decoys come through'],
  },
  {
    // Seen with 1.5.33.
    product: /^MiniStack\b/,
    lacks: [
      'shard limits are not enforced, so nothing is ever throttled',
      'MaximumRetryAttempts and bisecting of a mapping are ignored',
      'UpdateShardCount keeps no parents of shards',
    ],
  },
];

/** What a verdict reached on this server says nothing about. @param server as `identifyServer` names it */
export function serverCaveats(server: string): readonly string[] {
  return CAVEATS.flatMap(({ product, lacks }) => (product.test(server) ? lacks : []));
}
