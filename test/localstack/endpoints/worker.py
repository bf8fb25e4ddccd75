"""Runs a Python handler for local_executor.py: a request a line on stdin, an answer a line on file descriptor 3."""

import importlib
import json
import os
import sys
import time
import traceback

END_OF_INVOCATION = "\x00pipectl-end-of-invocation\x00"
answers = os.fdopen(3, "w")
root = os.environ["LAMBDA_TASK_ROOT"]
sys.path.insert(0, root)


class Context:
    def __init__(self, request):
        environment = os.environ
        self._deadline = request["deadlineMs"]
        self.aws_request_id = request["id"]
        self.invoked_function_arn = request["arn"]
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = None
        self.identity = None

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))


handler = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if handler is None:
            module, name = os.environ["_HANDLER"].rsplit(".", 1)
            handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        result = handler(json.loads(request["payload"] or "null"), Context(request))
        answer = {"failed": False, "body": json.dumps(result)}
    except BaseException as error:
        traceback.print_exc()
        body = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": request["id"],
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        answer = {"failed": True, "body": json.dumps(body)}
    sys.stderr.flush()
    print("\n" + END_OF_INVOCATION, flush=True)
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
