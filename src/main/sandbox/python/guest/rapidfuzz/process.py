"""Finds the choices that are most like a query."""

from .fuzz import WRatio
from .utils import is_missing


def extract_iter(query, choices, *, scorer=WRatio, processor=None, score_cutoff=None, score_hint=None, scorer_kwargs=None):
    """(choice, score, index or key) of each choice that reaches the cutoff, in their order."""
    if is_missing(query):
        return
    least = 0 if score_cutoff is None else score_cutoff
    asked = query if processor is None else processor(query)
    pairs = choices.items() if hasattr(choices, "items") else enumerate(choices)
    for key, choice in pairs:
        if is_missing(choice):
            continue
        given = choice if processor is None else processor(choice)
        score = scorer(asked, given, score_cutoff=score_cutoff, **(scorer_kwargs or {}))
        if score >= least:
            yield choice, score, key


def extract(query, choices, *, scorer=WRatio, processor=None, limit=5, score_cutoff=None, score_hint=None, scorer_kwargs=None):
    """The best `limit` of them (None: all), best first."""
    found = extract_iter(
        query, choices, scorer=scorer, processor=processor, score_cutoff=score_cutoff, scorer_kwargs=scorer_kwargs
    )
    return sorted(found, key=lambda each: -each[1])[:limit]


def extractOne(query, choices, *, scorer=WRatio, processor=None, score_cutoff=None, score_hint=None, scorer_kwargs=None):
    """The best one; None when none reaches the cutoff."""
    found = extract(
        query,
        choices,
        scorer=scorer,
        processor=processor,
        limit=1,
        score_cutoff=score_cutoff,
        scorer_kwargs=scorer_kwargs,
    )
    return found[0] if found else None
