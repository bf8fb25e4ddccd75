// Documented bounds of members that many operations have: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
import type { Constraint } from '../../wire/validate.js';

export const TABLE_NAME: Constraint = { pattern: '[a-zA-Z0-9_.-]+', min: 3, max: 255 };

const THROUGHPUT: Constraint = {
  members: {
    ReadCapacityUnits: { range: [1, Number.MAX_SAFE_INTEGER] },
    WriteCapacityUnits: { range: [1, Number.MAX_SAFE_INTEGER] },
  },
};

const KEY_SCHEMA: Constraint = { min: 1, max: 2, members: { KeyType: { enum: ['HASH', 'RANGE'] } } };

const PROJECTION: Constraint = {
  members: { ProjectionType: { enum: ['ALL', 'INCLUDE', 'KEYS_ONLY'] }, NonKeyAttributes: { min: 1, max: 20 } },
};

const INDEX = { IndexName: TABLE_NAME, KeySchema: KEY_SCHEMA, Projection: PROJECTION };

/** Of what tables are made of. */
export const TABLE = {
  AttributeDefinitions: { members: { AttributeName: { min: 1, max: 255 }, AttributeType: { enum: ['B', 'N', 'S'] } } },
  BillingMode: { enum: ['PROVISIONED', 'PAY_PER_REQUEST'] },
  ProvisionedThroughput: THROUGHPUT,
  KeySchema: KEY_SCHEMA,
  GlobalSecondaryIndexes: { members: { ...INDEX, ProvisionedThroughput: THROUGHPUT } },
  LocalSecondaryIndexes: { members: INDEX },
  StreamSpecification: {
    members: { StreamViewType: { enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] } },
  },
  TableClass: { enum: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] },
} as const satisfies Record<string, Constraint>;

export const INDEX_UPDATES: Constraint = {
  members: {
    Create: { members: { ...INDEX, ProvisionedThroughput: THROUGHPUT } },
    Update: { members: { IndexName: TABLE_NAME, ProvisionedThroughput: THROUGHPUT } },
    Delete: { members: { IndexName: TABLE_NAME } },
  },
};

const CAPACITY: Constraint = { enum: ['INDEXES', 'TOTAL', 'NONE'] };
const CONDITIONAL_OPERATOR: Constraint = { enum: ['OR', 'AND'] };
const ATTRIBUTES_TO_GET: Constraint = { min: 1, max: 255 };

/** Of writes of one item. */
export const WRITE = {
  ReturnConsumedCapacity: CAPACITY,
  ReturnItemCollectionMetrics: { enum: ['SIZE', 'NONE'] },
  ReturnValues: { enum: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'] },
  ReturnValuesOnConditionCheckFailure: { enum: ['ALL_OLD', 'NONE'] },
  ConditionalOperator: CONDITIONAL_OPERATOR,
} as const satisfies Record<string, Constraint>;

/** Of reads of one item. */
export const READ = { ReturnConsumedCapacity: CAPACITY, AttributesToGet: ATTRIBUTES_TO_GET } as const;

/** Of Query and Scan. */
export const PAGE = {
  ...READ,
  IndexName: TABLE_NAME,
  ConditionalOperator: CONDITIONAL_OPERATOR,
  Select: { enum: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'] },
  Limit: { range: [1, 2_147_483_647] },
} as const satisfies Record<string, Constraint>;

/** Of operations on many items. */
export const BATCH = {
  ReturnConsumedCapacity: CAPACITY,
  ReturnItemCollectionMetrics: WRITE.ReturnItemCollectionMetrics,
} as const satisfies Record<string, Constraint>;
