"""How texts are made alike before they are compared."""

import re

_NO_WORD = re.compile(r"\W", re.UNICODE)


def default_process(sentence):
    """Lower case, with a space for each character that belongs to no word, and none at either end."""
    return _NO_WORD.sub(" ", sentence).strip().lower()


def is_missing(value):
    """None, or a number that is none, as tables hold them."""
    return value is None or (isinstance(value, float) and value != value)
