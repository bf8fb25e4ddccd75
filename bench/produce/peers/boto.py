"""boto3 as one uses it: MODE batch is PutRecords of 500, one is PutRecord a record, agg packs with AWS's own aggregator."""
import sys

import boto3
from botocore.config import Config

endpoint, mode, total, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
client = boto3.client(
    "kinesis",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(retries={"max_attempts": 1}),
)
data = b"x" * size

if mode == "one":
    for n in range(total):
        client.put_record(StreamName="s", Data=data, PartitionKey="k%d" % (n % 997))
elif mode == "batch":
    for start in range(0, total, 500):
        records = [{"Data": data, "PartitionKey": "k%d" % (n % 997)} for n in range(start, min(total, start + 500))]
        client.put_records(StreamName="s", Records=records)
else:
    from aws_kinesis_agg.aggregator import RecordAggregator

    full = []

    def send(record):
        if record is None:
            return
        key, _, packed = record.get_contents()
        full.append({"Data": packed, "PartitionKey": key})
        if len(full) == 10:
            client.put_records(StreamName="s", Records=full)
            full.clear()

    aggregator = RecordAggregator(51_200)
    aggregator.on_record_complete(send, execute_on_new_thread=False)
    for n in range(total):
        aggregator.add_user_record("k%d" % (n % 997), data)
    send(aggregator.clear_and_get())
    if full:
        client.put_records(StreamName="s", Records=full)
