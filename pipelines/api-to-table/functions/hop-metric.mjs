/** What CloudWatch takes in one line. */
const MOST_VALUES = 100;

/**
 * Writes how long orders took from the API to a hop, in CloudWatch's embedded metric format: one line for up to a hundred, which becomes the
 * metric Latency of that hop. With their IDs, if the log is where a check looks for them. Not by console.log, which puts a time and a request ID before the JSON.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function hopMetric(hop, latencies, ids = []) {
  for (let from = 0; from < latencies.length; from += MOST_VALUES) {
    const metrics = [{ Name: 'Latency', Unit: 'Milliseconds' }];
    const line = {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{ Namespace: 'api-to-table', Dimensions: [['Hop']], Metrics: metrics }],
      },
      Hop: hop,
      Latency: latencies.slice(from, from + MOST_VALUES).map((ms) => Math.max(0, ms)),
      ...(ids.length > 0 && { orders: ids.slice(from, from + MOST_VALUES) }),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
