"""How many parts must be put in, taken out or replaced. weights = (insertion, deletion, substitution)."""

from ._measure import forms


def _distance(a, b, weights=(1, 1, 1)):
    insertion, deletion, substitution = weights
    row = [at * insertion for at in range(len(b) + 1)]
    for part in a:
        before, row[0] = row[0], row[0] + deletion
        for at, other in enumerate(b, 1):
            keep = before if part == other else before + substitution
            before = row[at]
            row[at] = min(keep, before + deletion, row[at - 1] + insertion)
    return row[-1]


def _largest(a, b, weights=(1, 1, 1)):
    insertion, deletion, substitution = weights
    replaced = deletion * len(a) + insertion * len(b)
    if len(a) >= len(b):
        return min(replaced, substitution * len(b) + deletion * (len(a) - len(b)))
    return min(replaced, substitution * len(a) + insertion * (len(b) - len(a)))


distance, similarity, normalized_distance, normalized_similarity = forms(_distance, _largest)
