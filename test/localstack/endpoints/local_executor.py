"""Runs LocalStack's functions as plain processes of this machine: Node.js and Python. One process an execution environment, one
invocation at a time; it is told of each by a line on its stdin and answers by a line on file descriptor 3, so that its stdout and stderr
are the function's log and nothing else."""

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

HERE = Path(__file__).parent
ANSWER_FD = 3
END_OF_INVOCATION = "\x00pipectl-end-of-invocation\x00"
LOG_DRAIN_SECONDS = 2


class LocalExecutor(RuntimeExecutor):
    def __init__(self, id, function_version):
        super().__init__(id=id, function_version=function_version)
        self.environment = {}
        self.process = None
        self.lock = threading.Lock()

    def start(self, env_vars):
        self.environment = env_vars
        self._spawn()

    def stop(self):
        process, self.process = self.process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        os.close(self.answers)

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    def get_logs(self):
        return ""

    def invoke(self, payload):
        request_id = payload["invoke-id"]
        function = self.function_version
        timeout = function.config.timeout
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.stop()
                self._spawn()
            began = time.time()
            self._tell({
                "id": request_id,
                "arn": payload["invoked-function-arn"],
                "payload": payload["payload"],
                "deadlineMs": (began + timeout) * 1000,
            })
            answer = self._answer(began + timeout)
            if answer is None:
                alive = self.process.poll() is None
                self.stop()
                body, failed = self._died(request_id, timeout, alive), True
            else:
                body, failed = answer["body"], answer["failed"]
            printed = self._printed()
        milliseconds = (time.time() - began) * 1000
        memory = function.config.memory_size
        report = (
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {int(milliseconds) + 1} ms"
            f"\tMemory Size: {memory} MB\tMax Memory Used: {memory} MB"
        )
        start = f"START RequestId: {request_id} Version: {function.id.qualifier}"
        trouble = [json.loads(body)["errorMessage"]] if answer is None else []
        lines = [start, *printed, *trouble, f"END RequestId: {request_id}", report]
        return InvocationResult(
            request_id=request_id,
            payload=body.encode(),
            is_error=failed,
            logs="\n".join(lines),
            executed_version=function.id.qualifier,
        )

    @classmethod
    def prepare_version(cls, function_version):
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass

    @classmethod
    def validate_environment(cls):
        return True

    def _spawn(self):
        runtime = self.function_version.config.runtime or ""
        if runtime.startswith("python"):
            command = [sys.executable, str(HERE / "worker.py")]
        elif runtime.startswith("nodejs"):
            command = [os.environ.get("LAMBDA_NODE", "node"), str(HERE / "worker.cjs")]
        else:
            raise RuntimeError(f"the local executor runs Node.js and Python, not {runtime}")
        code = str(self.function_version.config.code.get_unzipped_code_location())
        environment = {**os.environ, **{name: str(value) for name, value in self.environment.items()}}
        environment.update(LAMBDA_TASK_ROOT=code, AWS_EXECUTION_ENV=f"AWS_Lambda_{runtime}", PYTHONUNBUFFERED="1")
        for name in ("PYTHONPATH", "NODE_OPTIONS"):
            environment.pop(name, None)
        self.answers, written = os.pipe()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=code,
            text=True,
            preexec_fn=lambda: os.dup2(written, ANSWER_FD),
            pass_fds=(ANSWER_FD, written),
            start_new_session=True,
        )
        os.close(written)
        self.lines = queue.Queue()
        threading.Thread(target=self._read_lines, args=(self.process, self.lines), daemon=True).start()

    @staticmethod
    def _read_lines(process, lines):
        for line in process.stdout:
            lines.put(line.rstrip("\n"))
        lines.put(END_OF_INVOCATION)

    def _tell(self, request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its answer will say that it has died

    def _answer(self, deadline):
        """The worker's answer; None when it died or ran out of time."""
        received = b""
        while not received.endswith(b"\n"):
            left = deadline - time.time()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                return None
            chunk = os.read(self.answers, 1 << 16)
            if not chunk:
                return None
            received += chunk
        return json.loads(received)

    def _printed(self):
        """What the function has printed: the worker ends each invocation with a mark of its own, so nothing is cut off."""
        printed, until = [], time.time() + LOG_DRAIN_SECONDS
        while True:
            try:
                line = self.lines.get(timeout=max(0, until - time.time()))
            except queue.Empty:
                return printed
            if line == END_OF_INVOCATION:
                # The worker begins a line of its own for the mark.
                return printed[:-1] if printed and printed[-1] == "" else printed
            printed.append(line)

    @staticmethod
    def _died(request_id, timeout, alive):
        if alive:
            message = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
            return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message})
        message = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
        return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message})
