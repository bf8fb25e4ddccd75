"""The loop one writes with boto3: the shards in turn, each record's JSON parsed and written."""
import json
import sys

import boto3

endpoint, wanted = sys.argv[1], int(sys.argv[2])
client = boto3.client(
    "kinesis",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
)
iterators = [
    client.get_shard_iterator(StreamName="s", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    for shard in client.list_shards(StreamName="s")["Shards"]
]
seen = 0
while seen < wanted:
    for index, iterator in enumerate(iterators):
        answer = client.get_records(ShardIterator=iterator, Limit=10_000)
        iterators[index] = answer["NextShardIterator"]
        seen += len(answer["Records"])
        sys.stdout.write("".join(json.dumps(json.loads(record["Data"])) + "\n" for record in answer["Records"]))
