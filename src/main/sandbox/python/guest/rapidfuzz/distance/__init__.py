"""Distances between two texts, or lists of anything that can be a key."""

from . import Hamming, Indel, LCSseq, Levenshtein

__all__ = ["Hamming", "Indel", "LCSseq", "Levenshtein"]
