import { defineService } from '../../define-service.js';
import { DynamoDbState } from './dynamodb-state.js';
import { describeEndpoints, describeLimits } from './operations/account.js';
import { batchGetItem } from './operations/batch-get-item.js';
import { batchWriteItem } from './operations/batch-write-item.js';
import { describeContinuousBackups, updateContinuousBackups } from './operations/continuous-backups.js';
import { createTable } from './operations/create-table.js';
import { deleteItem } from './operations/delete-item.js';
import { deleteTable } from './operations/delete-table.js';
import { describeTable } from './operations/describe-table.js';
import { getItem } from './operations/get-item.js';
import {
  describeKinesisStreamingDestination,
  disableKinesisStreamingDestination,
  enableKinesisStreamingDestination,
  updateKinesisStreamingDestination,
} from './operations/kinesis-destinations.js';
import { listTables } from './operations/list-tables.js';
import { putItem } from './operations/put-item.js';
import { query } from './operations/query.js';
import { listTagsOfResource, tagResource, untagResource } from './operations/resource-tags.js';
import { scan } from './operations/scan.js';
import { describeTimeToLive, updateTimeToLive } from './operations/time-to-live.js';
import { transactGetItems } from './operations/transact-get-items.js';
import { transactWriteItems } from './operations/transact-write-items.js';
import { updateItem } from './operations/update-item.js';
import { updateTable } from './operations/update-table.js';
import { rollShardRoute } from './roll-shard-route.js';

/** DynamoDB, in memory. */
export const dynamodb = defineService({
  id: 'dynamodb',
  title: 'DynamoDB',
  state: (environment) => new DynamoDbState(environment),
  operations: [
    batchGetItem,
    batchWriteItem,
    createTable,
    deleteItem,
    deleteTable,
    describeContinuousBackups,
    describeEndpoints,
    describeKinesisStreamingDestination,
    describeLimits,
    describeTable,
    describeTimeToLive,
    disableKinesisStreamingDestination,
    enableKinesisStreamingDestination,
    getItem,
    listTables,
    listTagsOfResource,
    putItem,
    query,
    scan,
    tagResource,
    transactGetItems,
    transactWriteItems,
    untagResource,
    updateContinuousBackups,
    updateItem,
    updateKinesisStreamingDestination,
    updateTable,
    updateTimeToLive,
  ],
  close: (state) => state.close(),
  routes: (state) => [rollShardRoute(state)],
  gaps: [
    '**PartiQL** (ExecuteStatement, BatchExecuteStatement, ExecuteTransaction) is not here.',
    '**Eventually consistent reads** and reads of global indexes see every write at once.',
    '**Sizes and counts** of tables and indexes are those of now; AWS refreshes them about every six hours.',
    '**Error sentences** are those that most regions of AWS give. AWS puts `1 validation error detected: ` before some of them in some regions.',
    'Encryption keys, table classes and warm throughput are remembered or ignored, and change nothing.',
  ],
});
