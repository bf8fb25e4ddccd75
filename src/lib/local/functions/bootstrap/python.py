# Runs inside a Python function's process: loads the handler, then takes invocations from the Lambda Runtime API, one at a time, over one
# connection that is open from the start (file descriptor 4). What the function logs goes to the host through file descriptor 3 as frames;
# node-log.mjs beside this file says how they look. Only the standard library is used.
import importlib
import io
import json
import logging
import os
import socket
import struct
import sys
import threading
import time
import traceback

LOG_FD = 3
API_FD = 4
EVENT, OUTPUT = 1, 2
JSON_LOGS = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
BOTO3_HINT = (
    "boto3 is not installed for this machine's Python, and the local endpoint takes it from there. "
    "Install it (python3 -m pip install boto3) or package it with the function."
)

_log_lock = threading.Lock()
_logged_bytes = 0
_request_id = None


# ---- logs ----------------------------------------------------------------------------------------------------------------------


def write_frame(kind, payload=b""):
    global _logged_bytes
    frame = struct.pack(">BdI", kind, time.time() * 1000, len(payload)) + payload
    with _log_lock:
        view = memoryview(frame)
        try:
            while view:
                view = view[os.write(LOG_FD, view) :]
        except OSError:
            return  # the host is gone, or the function closed the descriptor: it only loses its log
        _logged_bytes += len(frame)


def log_event(text):
    write_frame(EVENT, text.encode("utf-8", "replace"))


class FramedOutput(io.RawIOBase):
    """stdout and stderr: what is printed becomes log lines in the order it was printed, among everything else that is logged."""

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        write_frame(OUTPUT, data)
        return len(data)


class LambdaLogHandler(logging.Handler):
    """The handler that Lambda's runtime gives the root logger."""

    def emit(self, record):
        try:
            log_event((json_line(record) if JSON_LOGS else self.format(record)).rstrip("\n") + "\n")
        except Exception:
            self.handleError(record)


class LambdaFormatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record):
        record.aws_request_id = _request_id or ""
        return super().format(record)


KNOWN_MEMBERS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id", "taskName"}


def json_line(record):
    line = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
        "level": record.levelname,
        "message": record.getMessage(),
        "logger": record.name,
    }
    if record.exc_info and record.exc_info[0] is not None:
        kind, error, trace = record.exc_info
        line["stackTrace"] = traceback.format_tb(trace)
        line["errorType"] = kind.__name__
        line["errorMessage"] = str(error)
    if _request_id:
        line["requestId"] = _request_id
    for name, value in vars(record).items():
        if name not in KNOWN_MEMBERS:
            line[name] = value
    return json.dumps(line, default=str) + "\n"


def set_up_logging():
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(FramedOutput()), encoding="utf-8", errors="replace", line_buffering=True)
    sys.stderr = io.TextIOWrapper(io.BufferedWriter(FramedOutput()), encoding="utf-8", errors="replace", line_buffering=True)
    handler = LambdaLogHandler()
    handler.setFormatter(
        LambdaFormatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")
    )
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "")
    if JSON_LOGS and level:
        root.setLevel({"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level))


def log_position():
    """How much was logged so far, for the host to wait for; and the peak memory, where the host cannot read it itself."""
    sys.stdout.flush()
    sys.stderr.flush()
    headers = {"Pipectl-Logged-Bytes": _logged_bytes}
    if not sys.platform.startswith("linux"):
        import resource

        headers["Pipectl-Peak-Kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return headers


# ---- the Runtime API -------------------------------------------------------------------------------------------------------------


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


# ---- errors, as AWS words them ------------------------------------------------------------------------------------------------------


class RuntimeProblem(Exception):
    def __init__(self, error_type, message, frames=()):
        super().__init__(message)
        self.error_type = error_type
        self.frames = list(frames)


def error_body(error):
    if isinstance(error, RuntimeProblem):
        return {"errorMessage": str(error), "errorType": error.error_type, "requestId": _request_id or "", "stackTrace": error.frames}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__ and "importlib" not in frame.filename]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": _request_id or "",
        "stackTrace": traceback.format_list(frames),
    }


def log_error(body):
    if JSON_LOGS:
        line = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "log_level": "ERROR", **body}
        log_event(json.dumps(line) + "\n")
        return
    text = f"[ERROR] {body['errorType']}: {body['errorMessage']}"
    if body["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(body["stackTrace"])
    log_event(text.rstrip("\n") + "\n")


def to_json(value):
    def other(item):
        if type(item).__name__ == "Decimal":
            return float(item)
        raise TypeError(f"Object of type {type(item).__name__} is not JSON serializable")

    return json.dumps(value, default=other, ensure_ascii=False).encode("utf-8", "surrogatepass")


# ---- the function --------------------------------------------------------------------------------------------------------------------


def load_handler(spec):
    module_name, _, function_name = spec.rpartition(".")
    if not module_name:
        raise RuntimeProblem("Runtime.MalformedHandlerName", f"Bad handler '{spec}': not enough values to unpack (expected 2, got 1)")
    for segment in module_name.split("."):
        if segment in sys.builtin_module_names:
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
    handler = getattr(module, function_name, None)
    if handler is None:
        raise RuntimeProblem("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return handler


class Named:
    def __init__(self, members):
        self.__dict__.update(members)


class LambdaContext:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = None
        self._deadline_ms = int(headers["lambda-runtime-deadline-ms"])
        client = json.loads(headers["lambda-runtime-client-context"]) if headers.get("lambda-runtime-client-context") else None
        self.client_context = None
        if client is not None:
            self.client_context = Named({"custom": client.get("custom"), "env": client.get("env"), "client": Named(client.get("client") or {})})
        self.identity = Named({"cognito_identity_id": None, "cognito_identity_pool_id": None})

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        log_event(str(message))


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
    global _request_id
    for descriptor in (LOG_FD, API_FD):
        os.set_inheritable(descriptor, False)
    set_up_logging()
    connection = RuntimeConnection()
    if hasattr(__import__("select"), "poll"):
        watch_endpoint(connection)
    task_root = os.environ["LAMBDA_TASK_ROOT"]
    sys.path[0] = task_root
    layers = [path for path in os.environ.pop("PIPECTL_PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[1:1] = layers
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        body = error_body(error)
        log_error(body)
        connection.socket.sendall(connection.report("init/error", to_json(body), body["errorType"]))
        os._exit(1)
    report = b""
    while True:
        headers, payload = connection.next(report)
        _request_id = headers["lambda-runtime-aws-request-id"]
        if headers.get("lambda-runtime-trace-id"):
            os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        try:
            try:
                event = json.loads(payload)
            except ValueError as error:
                raise RuntimeProblem("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
            result = handler(event, LambdaContext(headers))
            try:
                answer = to_json(result)
            except (TypeError, ValueError) as error:
                raise RuntimeProblem("Runtime.MarshalError", f"Unable to marshal response: {error}")
        except Exception as error:
            body = error_body(error)
            log_error(body)
            report = connection.report(f"invocation/{_request_id}/error", to_json(body), body["errorType"])
        else:
            report = connection.report(f"invocation/{_request_id}/response", answer)


main()
