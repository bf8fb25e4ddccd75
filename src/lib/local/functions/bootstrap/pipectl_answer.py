# What a Python function answers, and its errors, in the shapes of AWS's runtime.
import json
import math
import os
import sys
import time
import traceback

import pipectl_log

HERE = os.path.dirname(os.path.abspath(__file__))
# Since 3.12 AWS's runtime writes letters beyond ASCII as they are. The JSON means the same.
ASCII_ALONE = os.environ.get("AWS_EXECUTION_ENV", "").rpartition(".")[2] in ("8", "9", "10", "11")
NO_BREAK_SPACE = "\u00a0"


class RuntimeProblem(Exception):
    """An error that the runtime finds, not the function."""

    def __init__(self, error_type, message, frames=()):
        super().__init__(message)
        self.error_type = error_type
        self.frames = list(frames)


def error_body(error):
    if isinstance(error, RuntimeProblem):
        error_type, frames = error.error_type, error.frames
    else:
        error_type, frames = type(error).__name__, traceback.format_list(_own_frames(error))
    return {"errorMessage": str(error), "errorType": error_type, "requestId": pipectl_log.request_id or "", "stackTrace": frames}


def _own_frames(error):
    """The trace from where it enters the function: what lies above is the runtime, and Python's import."""
    frames = traceback.extract_tb(error.__traceback__)
    while frames and (os.path.dirname(os.path.abspath(frames[0].filename)) == HERE or "importlib" in frames[0].filename):
        frames = frames[1:]
    return frames


def log_error(body):
    if pipectl_log.JSON_LOGS:
        line = {"timestamp": time.strftime(pipectl_log.TIME, time.gmtime()), "level": "ERROR", **body}
        pipectl_log.log_event(json.dumps(line, ensure_ascii=False) + "\n")
        return
    lines = [f"[ERROR] {body['errorType']}: {body['errorMessage']}", "Traceback (most recent call last):"]
    for frame in body["stackTrace"]:
        lines.extend(_indented(line) for line in frame.splitlines())
    pipectl_log.log_event("\n".join(lines) + "\n")


def _indented(line):
    """As AWS's runtime indents its traces: with spaces that no console folds."""
    text = line.lstrip(" ")
    return NO_BREAK_SPACE * (len(line) - len(text)) + text


def to_json(value):
    """JSON as AWS's runtime writes it: a Decimal keeps all its digits."""
    digits = []
    mark = None

    def other(item):
        nonlocal mark
        decimal = sys.modules.get("decimal")
        if decimal is None or not isinstance(item, decimal.Decimal):
            raise TypeError(f"Object of type {type(item).__name__} is not JSON serializable")
        if item.is_nan():
            return math.nan
        mark = mark or os.urandom(16).hex()
        digits.append(str(item))
        return f"{mark}{len(digits) - 1}."

    text = json.dumps(value, default=other, ensure_ascii=ASCII_ALONE)
    for index, number in enumerate(digits):
        text = text.replace(f'"{mark}{index}."', number)
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair: an escape of JSON's too
