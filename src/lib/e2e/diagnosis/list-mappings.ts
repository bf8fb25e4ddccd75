import type { EventSourceMappingConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import type { EventSource } from './event-source.js';

/** The event source mappings that read a source, of this region and account. */
export async function listMappings(
  lambda: LambdaClient,
  source: Pick<EventSource, 'isReadBy'>,
): Promise<EventSourceMappingConfiguration[]> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const found: EventSourceMappingConfiguration[] = [];
  let marker: string | undefined;
  do {
    const page = await lambda.send(new ListEventSourceMappingsCommand({ Marker: marker }));
    found.push(...(page.EventSourceMappings ?? []));
    marker = page.NextMarker || undefined;
  } while (marker !== undefined);
  return found.filter(({ EventSourceArn: arn }) => source.isReadBy(arn));
}
