# Runs inside a Python function's process: loads the handler, then takes invocations from the Lambda Runtime API, one at a time, over one
# connection that is open from the start (file descriptor 4). Only the standard library is used.
import importlib
import json
import os
import socket
import sys
import threading

HERE = os.path.dirname(os.path.realpath(__file__))
if sys.path[0] != HERE:  # PYTHONSAFEPATH keeps a script's own folder out
    sys.path.insert(0, HERE)

import pipectl_log
from pipectl_answer import RuntimeProblem, error_body, log_error, to_json
from pipectl_context import LambdaContext
from pipectl_log import log_event, log_position, set_up_logging

API_FD = 4
BOTO3_HINT = (
    "boto3 is not installed for this machine's Python, and the local endpoint takes it from there. "
    "Install it (python3 -m pip install boto3) or package it with the function."
)


class RuntimeConnection:
    """Just enough HTTP/1.1 for a server that always sends Content-Length. The endpoint's death ends it, and with it this process."""

    def __init__(self):
        self.socket = socket.socket(fileno=API_FD)
        self.reader = self.socket.makefile("rb", 65536)

    def report(self, path, body, error_type=None):
        """A report as bytes, to be sent."""
        headers = {"Content-Length": len(body), "Content-Type": "application/json", **log_position()}
        if error_type:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type
        lines = [f"POST /2018-06-01/runtime/{path} HTTP/1.1", "Host: pipectl"]
        lines.extend(f"{name}: {value}" for name, value in headers.items())
        return "\r\n".join(lines + ["", ""]).encode("latin-1", "replace") + body

    def answer(self):
        if not self.reader.readline():
            os._exit(1)
        headers = {}
        while True:
            line = self.reader.readline()
            if line in (b"\r\n", b""):
                break
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return headers, self.reader.read(int(headers.get("content-length", 0)))

    def next(self, report=b""):
        """Asks for the next invocation, in one write with the report on the one before, and waits for it."""
        self.socket.sendall(report + b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: pipectl\r\n\r\n")
        headers, payload = self.answer()
        while "lambda-runtime-aws-request-id" not in headers:  # the answer to the report
            headers, payload = self.answer()
        return headers, payload


def load_handler(spec):
    module_name, _, function_name = spec.rpartition(".")
    if not module_name:
        raise RuntimeProblem("Runtime.MalformedHandlerName", f"Bad handler '{spec}': not enough values to unpack (expected 2, got 1)")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise RuntimeProblem("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        if (error.name or "").split(".")[0] in ("boto3", "botocore"):
            log_event(f"[ERROR] {BOTO3_HINT}\n")
        raise RuntimeProblem("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        frames = [f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").strip()}\n']
        raise RuntimeProblem("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", frames)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise RuntimeProblem("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")


def run(handler, headers, payload):
    """The answer to one invocation, as bytes. Raises what the handler raises, or a RuntimeProblem."""
    try:
        event = json.loads(payload)
    except ValueError as error:
        raise RuntimeProblem("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
    result = handler(event, LambdaContext(headers))
    if isinstance(result, bytes):
        return result
    try:
        return to_json(result)
    except Exception as error:
        raise RuntimeProblem("Runtime.MarshalError", f"Unable to marshal response: {error}")


def watch_endpoint(connection):
    """While the function works nobody reads the connection; its end must be noticed all the same."""
    peer = connection.socket.dup()

    def watch():
        import select

        poller = select.poll()
        poller.register(peer.fileno(), select.POLLHUP | getattr(select, "POLLRDHUP", 0))
        poller.poll()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main():
    for descriptor in (pipectl_log.LOG_FD, API_FD):
        os.set_inheritable(descriptor, False)
    set_up_logging()
    connection = RuntimeConnection()
    if hasattr(__import__("select"), "poll"):
        watch_endpoint(connection)
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    layers = [path for path in os.environ.pop("PIPECTL_PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[1:1] = layers
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except SystemExit:
        raise
    except BaseException as error:
        body = error_body(error)
        log_error(body)
        connection.socket.sendall(connection.report("init/error", to_json(body), body["errorType"]))
        os._exit(1)
    report = b""
    while True:
        headers, payload = connection.next(report)
        request_id = pipectl_log.request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        try:
            answer = run(handler, headers, payload)
        except Exception as error:
            body = error_body(error)
            log_error(body)
            report = connection.report(f"invocation/{request_id}/error", to_json(body), body["errorType"])
        else:
            report = connection.report(f"invocation/{request_id}/response", answer)


main()
