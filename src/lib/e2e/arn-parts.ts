/** The stream's name in its ARN, or in that of one of its consumers; undefined for what is no stream's. */
export const streamNameIn = (arn: string | undefined): string | undefined =>
  /:kinesis:[^:]*:[^:]*:stream\/([^/]+)/.exec(arn ?? '')?.[1];

/** The function's name in its ARN, without a version or alias. */
export const functionNameIn = (arn: string | undefined): string | undefined =>
  /:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(arn ?? '')?.[1];
