# SPDX-License-Identifier: Apache-2.0
"""Sets of seconds, as sorted lists of (from, to) that neither overlap nor touch."""


def union(spans):
    merged = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def both(a, b):
    """The seconds that are in one and in the other."""
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < end:
            found.append((start, end))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return found


def minus(a, b):
    """The seconds of the one that are not in the other."""
    found, j = [], 0
    for start, end in a:
        while j < len(b) and b[j][1] <= start:
            j += 1
        k = j
        while k < len(b) and b[k][0] < end:
            if start < b[k][0]:
                found.append((start, b[k][0]))
            start = b[k][1]
            k += 1
        if start < end:
            found.append((start, end))
    return found


def total(spans):
    return sum(end - start for start, end in spans)
