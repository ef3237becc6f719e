"""Runs one grader: gives it its globals, calls grade(sample, item), and says what came back as one JSON text.

The same file runs in the sandbox and in a Python of the user's own.
"""

import builtins
import io
import json
import math
import numbers
import sys
import traceback

LONGEST_PRINTED = 10_000
LONGEST_VALUE = 256 * 1024


class _Verdict(dict):
    """What verdict() and not_applicable() make: nothing else but a number is taken from grade()."""


def verdict(score, *, passed=None, label=None, explanation="", evidence=()):
    """A score with its reasons. evidence: span ids, or dicts of span_id, quote and note."""
    return _Verdict(
        score=_number(score), passed=passed, label=label, explanation=str(explanation), evidence=list(evidence)
    )


def not_applicable(reason=""):
    """To be returned: the grader has nothing to say of this one."""
    return _Verdict(not_applicable=str(reason) or "The grader says that it does not apply.")


class _Printed(io.TextIOBase):
    """Keeps the first characters of what is printed."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        if len(self.text) < LONGEST_PRINTED:
            self.text += str(text)[: LONGEST_PRINTED - len(self.text)]
        return len(text)


class _Refused(Exception):
    """What was returned is no score."""


def _number(value):
    if not isinstance(value, numbers.Real):
        raise _Refused(f"grade() returned {_kind(value)}: it must return a float.")
    number = float(value)
    if not math.isfinite(number):
        raise _Refused(f"grade() returned {number}: a score is a finite number.")
    return number


def _kind(value):
    return "nothing" if value is None else f"a value of type {type(value).__name__}"


_compiled = {}


def run(source, sample, item, values, hint=""):
    """All arguments are text: the source, and JSON. Answers a JSON text; raises nothing."""
    printed = _Printed()
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = printed
    try:
        code = _compiled.get(source)
        if code is None:
            _compiled.clear()
            code = _compiled[source] = compile(source, "grader.py", "exec")
        space = {
            "__name__": "grader",
            "__builtins__": builtins,
            "verdict": verdict,
            "not_applicable": not_applicable,
            **json.loads(values),
        }
        exec(code, space)
        grade = space.get("grade")
        if not callable(grade):
            raise _Refused("The source defines no function grade(sample, item).")
        value = grade(json.loads(sample), json.loads(item))
        if type(value) is not _Verdict:
            value = _number(value)
        text = json.dumps(value, allow_nan=False)
        if len(text) > LONGEST_VALUE:
            raise _Refused(f"What grade() returned is longer than {LONGEST_VALUE // 1024} KB.")
        answer = {"ok": True, "value": json.loads(text)}
    except BaseException as error:
        answer = {"ok": False, "message": _describe(error, hint)}
    finally:
        sys.stdout, sys.stderr = before
    return json.dumps({**answer, "printed": printed.text})


def _describe(error, hint):
    try:
        if isinstance(error, _Refused):
            return str(error)
        if isinstance(error, MemoryError):
            return "MemoryError"
        if isinstance(error, ModuleNotFoundError):
            # What the import system adds to it is about other places than this one.
            return f"ModuleNotFoundError: There is no module {error.name!r} here. {hint}".strip()
        if isinstance(error, SyntaxError):
            return f"{type(error).__name__}: {error.msg} (grader.py:{error.lineno})"
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "grader.py"]
        where = f" (grader.py:{lines[-1]})" if lines else ""
        return f"{type(error).__name__}: {str(error)[:2000]}{where}"
    except BaseException:
        return "It raised something that cannot be read."
