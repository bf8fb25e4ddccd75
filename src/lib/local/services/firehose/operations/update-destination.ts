import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { checkSettings, DESTINATION_ID } from '../destination-settings.js';
import { invalidArgument } from '../firehose-errors.js';
import type { FirehoseState } from '../firehose-state.js';

export const updateDestination = defineOperation('firehose', 'UpdateDestination').as({
  notHere: [
    'RedshiftDestinationUpdate',
    'ElasticsearchDestinationUpdate',
    'AmazonopensearchserviceDestinationUpdate',
    'AmazonOpenSearchServerlessDestinationUpdate',
    'SplunkDestinationUpdate',
    'SnowflakeDestinationUpdate',
    'IcebergDestinationUpdate',
    'HttpEndpointDestinationUpdate',
  ],
  run(state: FirehoseState, input, context) {
    const stream = state.stream(input.DeliveryStreamName, context);
    if (input.DestinationId !== DESTINATION_ID)
      throw invalidArgument(`Destination Id ${input.DestinationId} not found`);
    if (input.CurrentDeliveryStreamVersionId !== String(stream.version)) {
      throw new AwsError(
        'ConcurrentModificationException',
        'Another modification has already happened. Fetch VersionId again and use it to update the destination.',
      );
    }
    if (stream.status !== 'ACTIVE') {
      throw new AwsError('ResourceInUseException', `Firehose ${stream.name} is in ${stream.status} state`);
    }
    const update = input.ExtendedS3DestinationUpdate ?? input.S3DestinationUpdate;
    if (!update) throw invalidArgument('Destination update is required.');
    // What is not given stays as it is; a part that is given replaces that part.
    const settings = { s3: { ...stream.settings.s3, ...update } };
    checkSettings(settings);
    stream.update(settings);
    return {};
  },
});
