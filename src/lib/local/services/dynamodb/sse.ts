import { arnOf } from '../../kit/arn.js';
import type { OperationContext } from '../../wire/handlers.js';

/** The key that a table is said to be encrypted with; undefined for DynamoDB's own, which no description shows. */
export function kmsKeyOf(
  specification: { Enabled?: boolean | undefined; KMSMasterKeyId?: string | undefined } | undefined,
  context: OperationContext,
): string | undefined {
  if (!specification?.Enabled) return undefined;
  const key = specification.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  return key.startsWith('arn:') ? key : arnOf('kms', context, key.startsWith('alias/') ? key : `key/${key}`);
}
