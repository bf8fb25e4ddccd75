# What a Python function logs, and how it reaches the host: through file descriptor 3 as frames; node-log.mjs beside this file says how they look.
import io
import json
import logging
import os
import struct
import sys
import threading
import time
import traceback

LOG_FD = 3
EVENT, OUTPUT = 1, 2
JSON_LOGS = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
TIME = "%Y-%m-%dT%H:%M:%SZ"

_lock = threading.Lock()
_logged_bytes = 0
request_id = None  # of the invocation that lines belong to


def _write_frame(kind, payload):
    global _logged_bytes
    frame = struct.pack(">BdI", kind, time.time() * 1000, len(payload)) + payload
    with _lock:
        view = memoryview(frame)
        try:
            while view:
                view = view[os.write(LOG_FD, view) :]
        except OSError:
            return  # the host is gone, or the function closed the descriptor: it only loses its log
        _logged_bytes += len(frame)


def log_event(text):
    _write_frame(EVENT, text.encode("utf-8", "replace"))


class FramedOutput(io.RawIOBase):
    """stdout and stderr: what is printed becomes log lines in the order it was printed, among everything else that is logged."""

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        _write_frame(OUTPUT, data)
        return len(data)


class LambdaLoggerHandler(logging.Handler):
    """The handler that Lambda's runtime gives the root logger. A function may give it a formatter of its own."""

    def emit(self, record):
        try:
            log_event(self.format(record).rstrip("\n") + "\n")
        except Exception:
            self.handleError(record)


class LambdaLoggerFilter(logging.Filter):
    """Lets formatters say %(aws_request_id)s."""

    def filter(self, record):
        record.aws_request_id = request_id or ""
        return True


KNOWN_MEMBERS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id", "taskName"}


class JsonFormatter(logging.Formatter):
    def format(self, record):
        is_object = isinstance(record.msg, dict) and not record.args
        line = {
            "timestamp": time.strftime(TIME, time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.msg if is_object else record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            line["stackTrace"] = traceback.format_tb(trace)
            line["errorType"] = kind.__name__
            line["errorMessage"] = str(error)
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        line["requestId"] = record.aws_request_id
        own = {name: value for name, value in vars(record).items() if name not in KNOWN_MEMBERS and value is not None}
        return json.dumps({**own, **line}, default=str, ensure_ascii=False)


def set_up_logging():
    for name in ("stdout", "stderr"):
        output = io.BufferedWriter(FramedOutput())
        setattr(sys, name, io.TextIOWrapper(output, encoding="utf-8", errors="replace", line_buffering=True))
    logging.Formatter.converter = time.gmtime
    text = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")
    handler = LambdaLoggerHandler()
    handler.setFormatter(JsonFormatter() if JSON_LOGS else text)
    handler.addFilter(LambdaLoggerFilter())
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
