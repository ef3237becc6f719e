"""How much longer the longer one is than what both have in the same order."""

from ._measure import common_length, forms


def _distance(a, b):
    return max(len(a), len(b)) - common_length(a, b)


def _largest(a, b):
    return max(len(a), len(b))


distance, similarity, normalized_distance, normalized_similarity = forms(_distance, _largest)
