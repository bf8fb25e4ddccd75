# The context that a Python handler is given, as AWS's runtime makes it.
import json
import os
import time

import pipectl_log


class _Members:
    """An object of a few members, each None unless given."""

    names = ()

    def __init__(self, given):
        for name in self.names:
            setattr(self, name, given.get(name))

    def __repr__(self):
        return f"{type(self).__name__}([{','.join(f'{name}={getattr(self, name)}' for name in self.names)}])"


class Client(_Members):
    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Members):
    names = ("custom", "env", "client")


class CognitoIdentity(_Members):
    names = ("cognito_identity_id", "cognito_identity_pool_id")


class LambdaContext(_Members):
    names = (
        "aws_request_id",
        "log_group_name",
        "log_stream_name",
        "function_name",
        "memory_limit_in_mb",
        "function_version",
        "invoked_function_arn",
        "client_context",
        "identity",
        "tenant_id",
    )

    def __init__(self, headers):
        client_context = None
        if headers.get("lambda-runtime-client-context"):
            client_context = ClientContext(json.loads(headers["lambda-runtime-client-context"]))
            client_context.client = None if client_context.client is None else Client(client_context.client)
        super().__init__(
            {
                "aws_request_id": headers["lambda-runtime-aws-request-id"],
                "log_group_name": os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
                "log_stream_name": os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
                "function_name": os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
                "memory_limit_in_mb": os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
                "function_version": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
                "invoked_function_arn": headers.get("lambda-runtime-invoked-function-arn"),
                "client_context": client_context,
                "identity": CognitoIdentity({}),
            }
        )
        self._epoch_deadline_time_in_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def log(self, message):
        pipectl_log.log_event(str(message))
