"""Starts MiniStack with one thing added: subscription filters that lead to Kinesis deliver there, matching by their whole pattern.

MiniStack 1.5.33 stores such filters, hands events to functions alone, and reads of a pattern only its terms.
"""

import gzip
import json
import time
import uuid

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch_logs, kinesis

from filter_pattern import matches

deliver_to_functions = cloudwatch_logs._fanout_to_subscription_filters


def deliver(group_name, stream_name, events):
    deliver_to_functions(group_name, stream_name, events)
    group = cloudwatch_logs._log_groups.get(group_name) or {}
    for subscription in (group.get("subscriptionFilters") or {}).values():
        destination = subscription.get("destinationArn", "")
        if ":kinesis:" not in destination:
            continue
        passed = [event for event in events if matches(subscription.get("filterPattern"), event.get("message", ""))]
        if passed:
            by_stream = subscription.get("distribution") != "Random"
            key = stream_name if by_stream else uuid.uuid4().hex
            kinesis.put_record_internal(destination, key, envelope(group_name, stream_name, subscription, passed))


def envelope(group_name, stream_name, subscription, events):
    now = int(time.time() * 1000)
    document = {
        "messageType": "DATA_MESSAGE",
        "owner": get_account_id(),
        "logGroup": group_name,
        "logStream": stream_name,
        "subscriptionFilters": [subscription["filterName"]],
        "logEvents": [
            {"id": uuid.uuid4().hex, "timestamp": event.get("timestamp", now), "message": event.get("message", "")}
            for event in events
        ],
    }
    return gzip.compress(json.dumps(document).encode())


cloudwatch_logs._fanout_to_subscription_filters = deliver

if __name__ == "__main__":
    from ministack.app import main

    main()
