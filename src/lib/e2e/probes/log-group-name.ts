/** `orders`, or the name in `arn:aws:logs:REGION:ACCOUNT:log-group:orders` with or without the `:*` that CloudFormation adds. */
export function logGroupName(nameOrArn: string): string {
  const match = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(nameOrArn);
  return match?.[1] ?? nameOrArn;
}
