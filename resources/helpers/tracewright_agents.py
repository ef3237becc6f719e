"""A tracing processor for the OpenAI Agents SDK (openai-agents) that sends traces to Tracewright while they happen.

One file, standard library only, for Python 3.9 and later:

    from agents import add_trace_processor
    from tracewright_agents import TracewrightProcessor
    add_trace_processor(TracewrightProcessor())

Beside what the SDK's own exporter sends, it reports spans when they start, the end of a trace, what a model read and
answered in full, and which process it was. It never makes the agent wait and never raises into it; what it cannot
deliver waits within bounds (TRACEWRIGHT_QUEUE_MB, 64) and is then left out, oldest first, and counted.

    TRACEWRIGHT_URL      where Tracewright collects; http://127.0.0.1:4318 when unset
    TRACEWRIGHT_DISABLE  1 = do nothing
    TRACEWRIGHT_DEBUG    1 = say on stderr what could not be delivered
"""

import atexit
import http.client
import json
import os
import platform
import sys
import threading
import time
from collections import deque
from datetime import datetime, timezone
from urllib.parse import urlsplit

VERSION = "1"
_DEFAULT_URL = "http://127.0.0.1:4318"
_PATH = "/v1/traces/ingest"
_DELAY_S = 0.1  # so long the first item of a batch waits for others
_MAX_BATCH_ITEMS = 200
_MAX_BATCH_BYTES = 4_000_000
_MAX_ITEM_BYTES = 32_000_000  # a larger item is sent without what the model read and answered
_MAX_QUEUE_ITEMS = 20_000
_REQUEST_TIMEOUT_S = 10.0
_MAX_BACK_OFF_S = 5.0
_EXIT_TIMEOUT_S = 3.0  # for what is left when the process ends


class TracewrightProcessor:
    """Implements agents.tracing.TracingProcessor; not derived from it, so that importing this file imports no SDK."""

    _tracewright = True

    def __init__(self, url=None):
        self._disabled = os.environ.get("TRACEWRIGHT_DISABLE", "").lower() in ("1", "true")
        self._open = {}  # spans that have started and not ended, by (trace id, span id)
        self._sender = _Sender(url or os.environ.get("TRACEWRIGHT_URL") or _DEFAULT_URL)
        if not self._disabled:
            atexit.register(self._at_exit)

    def on_trace_start(self, trace):
        self._put(trace.export)

    def on_trace_end(self, trace):
        at = _now()
        self._close(trace.trace_id, at, "trace_end")
        self._put(lambda: _with(trace.export(), x_ended_at=at))

    def on_span_start(self, span):
        if not self._disabled:
            self._open[(span.trace_id, span.span_id)] = span
        self._put(lambda: _item_of(span))

    def on_span_end(self, span):
        self._open.pop((span.trace_id, span.span_id), None)
        self._put(lambda: _item_of(span))

    def shutdown(self):
        """The SDK also calls this when an app replaces its processors; what comes later is reported nevertheless."""
        self._sender.flush(_EXIT_TIMEOUT_S)

    def force_flush(self):
        self._sender.flush(_EXIT_TIMEOUT_S)

    def mute(self):
        """For the preload, when the app brings a processor of its own."""
        self._disabled = True
        self._open.clear()

    def _close(self, trace_id, at, by):
        """Spans that nothing will end any more, told as such: not as having ended well."""
        for key in [key for key in list(self._open) if trace_id is None or key[0] == trace_id]:
            span = self._open.pop(key, None)
            if span is not None and span.ended_at is None:
                self._put(lambda span=span: _with(_item_of(span), ended_at=None, x_closed={"at": at, "by": by}))

    def _put(self, read):
        if self._disabled:
            return
        try:
            item = read()
            if item is not None:
                self._sender.add(_serialise(item))
        except Exception as error:  # whatever goes wrong here is ours, not the agent's
            _complain("an item could not be written", error)

    def _at_exit(self):
        self._close(None, _now(), "process_exit")
        self._sender.flush(_EXIT_TIMEOUT_S)


def _item_of(span):
    item = span.export()
    data = span.span_data
    if item is None or getattr(data, "type", None) != "response":
        return item
    call = {}
    if getattr(data, "input", None) is not None:
        call["x_input"] = data.input
    if getattr(data, "response", None) is not None:
        call["x_response"] = data.response
    return _with(item, span_data=_with(item.get("span_data") or {}, **call)) if call else item


def _with(item, **fields):
    return None if item is None else {**item, **fields}


def _serialise(item):
    data = _json(item)
    if len(data) <= _MAX_ITEM_BYTES:
        return data
    rest = dict(item.get("span_data") or {})
    rest.pop("x_input", None)
    rest.pop("x_response", None)
    return _json({**item, "span_data": {**rest, "x_left_out": len(data)}})


def _json(value):
    # NaN is not JSON, though Python writes it: it becomes null on the slow way.
    try:
        text = json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        text = json.dumps(_tame(value, 60), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _plain(value):
    """What json does not know: the models of pydantic, data classes, sets, anything else as text."""
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        try:
            return dump(mode="json", exclude_unset=True, warnings=False)
        except Exception:
            return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name, None) for name in value.__dataclass_fields__}
    return str(value)


def _tame(value, levels):
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if levels == 0:
        return "[nested too deeply]"
    if isinstance(value, dict):
        return {str(key): _tame(each, levels - 1) for key, each in list(value.items())}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_tame(each, levels - 1) for each in list(value)]
    plain = _plain(value)
    return plain if isinstance(plain, str) else _tame(plain, levels - 1)


class _Sender:
    """A bounded queue, emptied in batches by one daemon thread."""

    def __init__(self, url):
        self._url = urlsplit(url if "://" in url else "http://" + url)
        try:
            megabytes = float(os.environ.get("TRACEWRIGHT_QUEUE_MB", "64"))
        except ValueError:
            megabytes = 64.0
        self._max_bytes = int(megabytes * 1_000_000) if megabytes > 0 else 64_000_000
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)

    def _reset(self):
        """Also in a forked child: its parent sends what was queued before, and threads do not survive."""
        self._changed = threading.Condition()
        self._queue = deque()
        self._bytes = 0
        self._dropped = 0
        self._busy = False
        self._hurry = False
        self._failures = 0
        self._connection = None
        self._thread = None
        self._resource = json.dumps(_describe_process(), ensure_ascii=False).encode("utf-8", "replace")

    def add(self, item):
        with self._changed:
            self._queue.append(item)
            self._bytes += len(item)
            # The newest stay: when nobody collects, what happened last is what will be asked for.
            while len(self._queue) > _MAX_QUEUE_ITEMS or (self._bytes > self._max_bytes and self._queue):
                self._bytes -= len(self._queue.popleft())
                self._dropped += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tracewright", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # the interpreter is going down: flush() sends by itself
                    self._thread = None
            self._changed.notify_all()

    def flush(self, timeout):
        """Returns when all is delivered, or nobody takes it, or the time is over."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._hurry = True
            failures = self._failures
            self._changed.notify_all()
            while (self._queue or self._busy) and self._failures == failures:
                if self._thread is None or not self._thread.is_alive():
                    break
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, 0.25))
            self._hurry = False
            alive = self._thread is not None and self._thread.is_alive()
        if not alive:
            while self._queue and time.monotonic() < deadline and self._send_batch():
                pass

    def _run(self):
        while True:
            with self._changed:
                while not self._queue:
                    self._changed.wait()
                if not self._hurry:
                    self._changed.wait_for(lambda: self._hurry, timeout=_DELAY_S)
            if self._send_batch():
                continue
            with self._changed:
                self._failures += 1
                self._changed.notify_all()
                back_off = min(_MAX_BACK_OFF_S, 0.25 * 2 ** min(self._failures - 1, 10))
                self._changed.wait_for(lambda: self._hurry, timeout=back_off)

    def _send_batch(self):
        """False when it has to be tried again later."""
        with self._changed:
            batch = []
            size = 0
            while self._queue and len(batch) < _MAX_BATCH_ITEMS:
                if batch and size + len(self._queue[0]) > _MAX_BATCH_BYTES:
                    break
                batch.append(self._queue.popleft())
                size += len(batch[-1])
            self._bytes -= size
            dropped = self._dropped
            self._busy = True
        outcome = "retry"
        try:
            outcome = self._post(batch, dropped)
        finally:
            with self._changed:
                self._busy = False
                if outcome == "retry":
                    self._queue.extendleft(reversed(batch))
                    self._bytes += size
                else:
                    self._failures = 0
                    self._dropped += (len(batch) if outcome == "refused" else 0) - dropped
                self._changed.notify_all()
        return outcome != "retry"

    def _post(self, batch, dropped):
        about = b',"x_dropped":%d' % dropped if dropped else b""
        body = b'{"data":[' + b",".join(batch) + b'],"x_resource":' + self._resource + about + b"}"
        for fresh in (False, True):  # a connection that was kept may have been closed meanwhile
            kept = self._connection is not None
            try:
                if self._connection is None:
                    secure = self._url.scheme == "https"
                    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
                    self._connection = make(self._url.netloc, timeout=_REQUEST_TIMEOUT_S)
                path = self._url.path.rstrip("/") + _PATH
                self._connection.request("POST", path, body, _HEADERS)
                answer = self._connection.getresponse()
                answer.read()
                return _judge(answer.status)
            except Exception as error:
                try:
                    self._connection.close()
                except Exception:
                    pass
                self._connection = None
                if fresh or not kept:
                    _complain("nothing answers at " + self._url.geturl(), error)
                    return "retry"
        return "retry"


_HEADERS = {"content-type": "application/json", "user-agent": "Agents/Python tracewright-helper/" + VERSION}


def _judge(status):
    """Only what will be taken later is sent again."""
    if 200 <= status < 300:
        return "taken"
    _complain("the collector answered %d" % status)
    return "retry" if status in (408, 429) or status >= 500 else "refused"


def _describe_process():
    """In the names of OpenTelemetry. No arguments and no environment: they hold secrets."""
    try:
        folder = os.getcwd()
    except OSError:
        folder = None
    about = {
        "process.pid": os.getpid(),
        "process.runtime.name": platform.python_implementation().lower(),
        "process.runtime.version": platform.python_version(),
        "process.command": getattr(sys, "argv", [""])[0] or None,
        "process.working_directory": folder,
        "telemetry.sdk.language": "python",
        "telemetry.distro.name": "tracewright-helper",
        "telemetry.distro.version": VERSION,
    }
    return {key: value for key, value in about.items() if value is not None}


def _now():
    return datetime.now(timezone.utc).isoformat()


def _complain(what, error=None):
    if os.environ.get("TRACEWRIGHT_DEBUG") == "1":
        print("tracewright: %s%s" % (what, ": %s" % error if error else ""), file=sys.stderr)
