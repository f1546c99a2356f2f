"""How two records hang together over accepted pairs."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable


def chain(
    accepted: Collection[tuple[int, int, float]], starts: Collection[int], ends: Collection[int]
) -> list[int] | None:
    """The records from one of `starts` to one of `ends`, by the best pair that links them directly, if any.

    Else by the chain whose weakest link is the strongest, which is how groups are put together, and of those
    the shortest. Where both words mean the same records, between two of them.
    """
    goals = set(ends) - set(starts) or set(ends) - {min(starts)}
    sources = set(starts) - goals
    direct = [
        (weight, *((left, right) if left in sources else (right, left)))
        for left, right, weight in accepted
        if (left in sources and right in goals) or (right in sources and left in goals)
    ]
    if direct:
        return list(max(direct)[1:])
    least = _weakest_link(accepted, sources, goals)
    return None if least is None else _shortest([e for e in accepted if e[2] >= least], sources, goals)


def _weakest_link(
    accepted: Iterable[tuple[int, int, float]], sources: set[int], goals: set[int]
) -> float | None:
    """Down to which weight pairs have to be taken until both sides hang together."""
    parent: dict[int, int] = {n: min(side) for side in (sources, goals) for n in side}

    def root(n: int) -> int:
        while parent.setdefault(n, n) != n:
            parent[n] = n = parent[parent[n]]
        return n

    for left, right, weight in sorted(accepted, key=lambda pair: -pair[2]):
        parent[root(left)] = root(right)
        if root(min(sources)) == root(min(goals)):
            return weight
    return None


def _shortest(links: Iterable[tuple[int, int, float]], sources: set[int], goals: set[int]) -> list[int]:
    neighbours: dict[int, list[int]] = defaultdict(list)
    for left, right, _ in links:
        neighbours[left].append(right)
        neighbours[right].append(left)
    came_from: dict[int, int | None] = dict.fromkeys(sorted(sources))
    waiting = deque(came_from)
    while waiting:
        at = waiting.popleft()
        if at in goals:
            return _followed_back(at, came_from)
        for neighbour in neighbours[at]:
            if neighbour not in came_from:
                came_from[neighbour] = at
                waiting.append(neighbour)
    raise AssertionError("both sides hang together, so one leads to the other")


def _followed_back(at: int | None, came_from: dict[int, int | None]) -> list[int]:
    path = []
    while at is not None:
        path.append(at)
        at = came_from[at]
    return path[::-1]
