"""The four forms that each distance has, made of the distance and its largest value."""


def forms(measure, largest):
    def prepared(s1, s2, processor):
        return (s1, s2) if processor is None else (processor(s1), processor(s2))

    def distance(s1, s2, *, processor=None, score_cutoff=None, score_hint=None, **options):
        s1, s2 = prepared(s1, s2, processor)
        value = measure(s1, s2, **options)
        return value if score_cutoff is None or value <= score_cutoff else score_cutoff + 1

    def similarity(s1, s2, *, processor=None, score_cutoff=None, score_hint=None, **options):
        s1, s2 = prepared(s1, s2, processor)
        value = largest(s1, s2, **options) - measure(s1, s2, **options)
        return value if score_cutoff is None or value >= score_cutoff else 0

    def normalized_distance(s1, s2, *, processor=None, score_cutoff=None, score_hint=None, **options):
        s1, s2 = prepared(s1, s2, processor)
        most = largest(s1, s2, **options)
        value = measure(s1, s2, **options) / most if most else 0.0
        return value if score_cutoff is None or value <= score_cutoff else 1.0

    def normalized_similarity(s1, s2, *, processor=None, score_cutoff=None, score_hint=None, **options):
        value = 1.0 - normalized_distance(s1, s2, processor=processor, **options)
        return value if score_cutoff is None or value >= score_cutoff else 0.0

    return distance, similarity, normalized_distance, normalized_similarity


def common_length(a, b):
    """Length of the longest common subsequence, with one bit for each place in a (Hyyrö 2004)."""
    places = {}
    for at, part in enumerate(a):
        places[part] = places.get(part, 0) | (1 << at)
    everything = (1 << len(a)) - 1
    left = everything
    for part in b:
        hits = left & places.get(part, 0)
        left = ((left + hits) | (left - hits)) & everything
    return len(a) - left.bit_count()
