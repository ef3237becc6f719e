"""Scores from 0 to 100 of how alike two texts are. ratio is 2 * LCS / (n + m); the others cut and sort the texts first."""

from .distance import Indel
from .utils import is_missing


def _scorer(measure):
    def score(s1, s2, *, processor=None, score_cutoff=None, score_hint=None):
        if is_missing(s1) or is_missing(s2):
            return 0
        if processor is not None:
            s1, s2 = processor(s1), processor(s2)
        value = measure(s1, s2)
        return value if score_cutoff is None or value >= score_cutoff else 0

    score.__name__ = score.__qualname__ = measure.__name__.lstrip("_")
    score.__doc__ = measure.__doc__
    return score


def _ratio(a, b):
    """How much of both is common to them in the same order."""
    return 100 * Indel.normalized_similarity(a, b)


def _partial_ratio(a, b):
    """The best ratio of the shorter text with a part of the longer one."""
    if not a and not b:
        return 100.0
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    best = _best_part(shorter, longer)
    if best < 100 and len(a) == len(b):
        best = max(best, _best_part(longer, shorter))
    return best


def _best_part(shorter, longer):
    size, rest = len(shorter), len(longer)
    letters = set(shorter)
    best = 0.0
    # A part that ends, or begins, with a letter which the shorter one has not is never the best.
    for end in range(1, rest + 1):
        if longer[end - 1] in letters:
            best = max(best, _ratio(shorter, longer[max(0, end - size) : end]))
            if best == 100:
                return best
    for begin in range(max(0, rest - size), rest):
        if longer[begin] in letters:
            best = max(best, _ratio(shorter, longer[begin:]))
    return best


def _sorted_words(text):
    return " ".join(sorted(text.split()))


def _joined(words):
    return " ".join(sorted(words))


def _token_sort_ratio(a, b):
    """The ratio of their sorted words."""
    return _ratio(_sorted_words(a), _sorted_words(b))


def _token_set_ratio(a, b):
    """The best of comparing what both have with each of them, every word once."""
    words_a, words_b = set(a.split()), set(b.split())
    if not words_a or not words_b:
        return 0.0
    both = words_a & words_b
    only_a, only_b = words_a - words_b, words_b - words_a
    if both and (not only_a or not only_b):
        return 100.0
    joined_a, joined_b = _joined(only_a), _joined(only_b)
    common = len(_joined(both))
    gap = 1 if common else 0
    with_a, with_b = common + gap + len(joined_a), common + gap + len(joined_b)
    best = _share(Indel.distance(joined_a, joined_b), with_a + with_b)
    if not common:
        return best
    return max(
        best,
        _share(gap + len(joined_a), common + with_a),
        _share(gap + len(joined_b), common + with_b),
    )


def _share(distance, total):
    return 100 * (1 - distance / total) if total else 100.0


def _token_ratio(a, b):
    """The better of token_sort_ratio and token_set_ratio."""
    return max(_token_sort_ratio(a, b), _token_set_ratio(a, b))


def _partial_token_sort_ratio(a, b):
    """The partial ratio of their sorted words."""
    return _partial_ratio(_sorted_words(a), _sorted_words(b))


def _partial_token_set_ratio(a, b):
    """100 when they share a word; else the partial ratio of their words."""
    words_a, words_b = set(a.split()), set(b.split())
    if not words_a or not words_b:
        return 0.0
    if words_a & words_b:
        return 100.0
    return _partial_ratio(_joined(words_a), _joined(words_b))


def _partial_token_ratio(a, b):
    """100 when they share a word; else the better of the two partial ratios of words."""
    words_a, words_b = set(a.split()), set(b.split())
    if words_a & words_b:
        return 100.0
    return max(_partial_token_sort_ratio(a, b), _partial_ratio(_joined(words_a - words_b), _joined(words_b - words_a)))


def _WRatio(a, b):
    """The best of the others, each with a weight that depends on how much longer one text is."""
    if not a or not b:
        return 0.0
    longer = max(len(a), len(b)) / min(len(a), len(b))
    best = _ratio(a, b)
    if longer < 1.5:
        return max(best, 0.95 * _token_ratio(a, b))
    part = 0.9 if longer <= 8 else 0.6
    return max(best, part * _partial_ratio(a, b), 0.95 * part * _partial_token_ratio(a, b))


def _QRatio(a, b):
    """ratio, but 0 when either is empty."""
    return _ratio(a, b) if a and b else 0.0


ratio = _scorer(_ratio)
partial_ratio = _scorer(_partial_ratio)
token_sort_ratio = _scorer(_token_sort_ratio)
token_set_ratio = _scorer(_token_set_ratio)
token_ratio = _scorer(_token_ratio)
partial_token_sort_ratio = _scorer(_partial_token_sort_ratio)
partial_token_set_ratio = _scorer(_partial_token_set_ratio)
partial_token_ratio = _scorer(_partial_token_ratio)
WRatio = _scorer(_WRatio)
QRatio = _scorer(_QRatio)
