import type { Finding } from '../check-report.js';
import type { Look } from './case.js';
import { tableName } from './event-source.js';

/** Whether the tables on either side exist and are active, and whether the stream of the one that hands on is on. */
export const lookAtTable: Look = async ({ hop, from, to }, { session }) => {
  const findings: Finding[] = [];
  for (const probe of [from, to]) {
    if (probe?.kind !== 'table') continue;
    const { DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
    const dynamodb = await session.options.clients.dynamodb();
    const name = tableName(await session.resolver.resolve(probe.table));
    const table = await dynamodb.send(new DescribeTableCommand({ TableName: name })).then(
      (answer) => answer.Table,
      (error: Error) => {
        if (error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      },
    );
    if (!table) findings.push({ hop, weight: 'cause', text: `Table "${name}" does not exist any more.` });
    else if (table.TableStatus !== 'ACTIVE' && table.TableStatus !== 'UPDATING')
      findings.push({ hop, weight: 'cause', text: `The table ${name} is ${table.TableStatus}.` });
    else if (probe === from && !table.StreamSpecification?.StreamEnabled)
      findings.push({
        hop,
        weight: 'cause',
        text: `The table ${name} has no stream, so no function learns of its changes.`,
      });
  }
  return findings;
};
