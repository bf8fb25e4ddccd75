"""Starts LocalStack community 4.14.0 on this machine, without Docker and without a token. What is not stock:

1. functions run as plain processes (local_executor.py) instead of in containers;
2. subscription filters match by their pattern: the community edition lets every line through;
3. CreateLogStream works in a group that has a subscription filter: LocalStack's own patch of it raises, and the function's log is lost;
4. the gateway binds the address that GATEWAY_LISTEN names, and not every interface.
"""

from moto.logs.models import LogGroup

from filter_pattern import matches
from local_executor import LocalExecutor

create_log_stream = LogGroup.create_log_stream

from localstack import config  # noqa: E402  (LocalStack patches moto as it is imported)
from localstack.services.lambda_.invocation import plugins  # noqa: E402
from localstack.services.logs import provider as logs  # noqa: E402
from twisted.internet import endpoints  # noqa: E402

plugins.DockerRuntimeExecutorPlugin.load = lambda self, *args, **kwargs: LocalExecutor
LogGroup.create_log_stream = create_log_stream


def pattern_matcher(pattern):
    def test(given, event=None):
        text = event["message"] if isinstance(event, dict) else str(event)
        return matches(given if isinstance(given, str) else pattern, text)

    return test


logs.get_pattern_matcher = pattern_matcher

tcp4 = endpoints.TCP4ServerEndpoint
endpoints.TCP4ServerEndpoint = lambda reactor, port, *args, **kwargs: tcp4(
    reactor, port, interface=config.GATEWAY_LISTEN[0].host
)

if __name__ == "__main__":
    from localstack.runtime.main import main

    main()
