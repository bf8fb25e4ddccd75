import java.nio.ByteBuffer;
import java.util.Arrays;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;

/** The Kinesis Producer Library at full speed over TLS, which it needs: args are the port, how many records, their size, whether to aggregate. */
public final class Producer {
  private static final int MOST_OUTSTANDING = 20_000;

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    long count = Long.parseLong(args[1]);
    byte[] data = new byte[Integer.parseInt(args[2])];
    Arrays.fill(data, (byte) 'x');
    KinesisProducerConfiguration configuration =
        new KinesisProducerConfiguration()
            .setKinesisEndpoint("127.0.0.1")
            .setKinesisPort(port)
            .setStsEndpoint("127.0.0.1")
            .setStsPort(port)
            .setCloudwatchEndpoint("127.0.0.1")
            .setCloudwatchPort(port)
            .setVerifyCertificate(false)
            .setRegion("us-east-1")
            .setMetricsLevel("none")
            .setLogLevel("error")
            .setRateLimit(1_000_000)
            .setRecordTtl(60_000)
            .setAggregationEnabled(Boolean.parseBoolean(args[3]))
            .setCredentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    KinesisProducer producer = new KinesisProducer(configuration);
    for (long n = 0; n < count; ) {
      if (producer.getOutstandingRecordsCount() > MOST_OUTSTANDING) {
        Thread.sleep(1);
        continue;
      }
      producer.addUserRecord("s", "k" + n % 997, ByteBuffer.wrap(data));
      n++;
    }
    producer.flushSync();
    producer.destroy();
    System.exit(0);
  }
}
