import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** The consumer one writes with the Kinesis Client Library: each record's JSON parsed and written. Ends after so many records. */
public class Consumer {
  static final AtomicLong seen = new AtomicLong();
  static final CountDownLatch done = new CountDownLatch(1);
  static long wanted;

  /** @param args URL of Kinesis, URL of DynamoDB, records to read */
  public static void main(String[] args) throws Exception {
    URI kinesisUrl = URI.create(args[0]);
    URI dynamoUrl = URI.create(args[1]);
    wanted = Long.parseLong(args[2]);
    System.setProperty("aws.cborEnabled", "false"); // the source speaks JSON
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    var region = Region.US_EAST_1;
    var http = NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1);
    var kinesis = KinesisAsyncClient.builder().endpointOverride(kinesisUrl).region(region)
        .credentialsProvider(credentials).httpClientBuilder(http).build();
    var dynamo = DynamoDbAsyncClient.builder().endpointOverride(dynamoUrl).region(region)
        .credentialsProvider(credentials).build();
    var metrics = CloudWatchAsyncClient.builder().endpointOverride(dynamoUrl).region(region)
        .credentialsProvider(credentials).build();
    var application = "bench-" + UUID.randomUUID();
    createLeaseTable(dynamo, application);
    var configs = new ConfigsBuilder(
        new SingleStreamTracker("s",
            InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
        application, kinesis, dynamo, metrics, UUID.randomUUID().toString(), Processor::new);
    var scheduler = new Scheduler(
        configs.checkpointConfig(), configs.coordinatorConfig(),
        configs.leaseManagementConfig(),
        configs.lifecycleConfig(), configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
        configs.processorConfig(),
        // By default it rests for a second between two reads of a shard.
        configs.retrievalConfig().retrievalSpecificConfig(
            new PollingConfig("s", kinesis).idleTimeBetweenReadsInMillis(0)));
    var thread = new Thread(scheduler);
    thread.setDaemon(true);
    thread.start();
    done.await();
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** The KCL would add the index to its table, which the stand-in for DynamoDB cannot; with a table that is there it makes none. */
  static void createLeaseTable(DynamoDbAsyncClient dynamo, String name) {
    var capacity = ProvisionedThroughput.builder().readCapacityUnits(1000L).writeCapacityUnits(1000L).build();
    dynamo.createTable(table -> table.tableName(name).provisionedThroughput(capacity)
        .attributeDefinitions(text("leaseKey"), text("leaseOwner"))
        .keySchema(key("leaseKey", KeyType.HASH))
        .globalSecondaryIndexes(GlobalSecondaryIndex.builder().indexName("LeaseOwnerToLeaseKeyIndex")
            .keySchema(key("leaseOwner", KeyType.HASH), key("leaseKey", KeyType.RANGE))
            .projection(all -> all.projectionType(ProjectionType.KEYS_ONLY))
            .provisionedThroughput(capacity).build())).join();
  }

  static AttributeDefinition text(String name) {
    return AttributeDefinition.builder().attributeName(name).attributeType(ScalarAttributeType.S).build();
  }

  static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  static class Processor implements ShardRecordProcessor {
    final ObjectMapper json = new ObjectMapper();

    @Override public void initialize(InitializationInput input) {}

    @Override public void processRecords(ProcessRecordsInput input) {
      var text = new StringBuilder();
      for (var record : input.records()) {
        byte[] bytes = new byte[record.data().remaining()];
        record.data().get(bytes);
        try {
          text.append(json.writeValueAsString(json.readTree(bytes))).append('\n');
        } catch (java.io.IOException problem) {
          throw new java.io.UncheckedIOException(problem);
        }
      }
      byte[] lines = text.toString().getBytes(StandardCharsets.UTF_8);
      synchronized (done) {
        System.out.write(lines, 0, lines.length);
        System.out.flush();
      }
      if (seen.addAndGet(input.records().size()) >= wanted) done.countDown();
    }

    @Override public void leaseLost(LeaseLostInput input) {}

    @Override public void shardEnded(ShardEndedInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (InvalidStateException | ShutdownException problem) {
        throw new IllegalStateException(problem);
      }
    }

    @Override public void shutdownRequested(ShutdownRequestedInput input) {}
  }
}
