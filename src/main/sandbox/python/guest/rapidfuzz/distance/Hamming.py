"""In how many places they differ; what one has more than the other counts as different."""

from ._measure import forms


def _distance(a, b, pad=True):
    if not pad and len(a) != len(b):
        raise ValueError("Sequences are not the same length.")
    return abs(len(a) - len(b)) + sum(one != other for one, other in zip(a, b))


def _largest(a, b, pad=True):
    return max(len(a), len(b))


distance, similarity, normalized_distance, normalized_similarity = forms(_distance, _largest)
