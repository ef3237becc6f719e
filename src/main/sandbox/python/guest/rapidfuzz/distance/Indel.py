"""How many parts must be put in or taken out."""

from ._measure import common_length, forms


def _distance(a, b):
    return len(a) + len(b) - 2 * common_length(a, b)


def _largest(a, b):
    return len(a) + len(b)


distance, similarity, normalized_distance, normalized_similarity = forms(_distance, _largest)
