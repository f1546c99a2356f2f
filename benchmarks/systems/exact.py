"""Exact matching alone: records that share an e-mail address, a phone, or a name and birth date are one."""

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

KEYS = (("email",), ("phone",), ("first_name", "last_name", "birth_date"))


def clusters(records: pa.Table) -> dict[str, str]:
    """Record -> cluster, from cleaned records."""
    names = records.column("record_id").to_pylist()
    edges: list[tuple[int, int]] = []
    for columns in KEYS:
        anchors: dict[tuple, int] = {}
        for place, values in enumerate(zip(*(records.column(c).to_pylist() for c in columns), strict=True)):
            if None not in values:
                edges.append((anchors.setdefault(values, place), place))
    groups = components(np.array(edges, dtype=np.int64).reshape(-1, 2), len(names))
    return {name: str(group) for name, group in zip(names, groups.tolist(), strict=True)}


def components(edges: np.ndarray, size: int) -> np.ndarray:
    """The group of each of `size` records, from pairs of their places."""
    ones = np.ones(len(edges), dtype=np.int8)
    return connected_components(coo_matrix((ones, (edges[:, 0], edges[:, 1])), shape=(size, size)), False)[1]
