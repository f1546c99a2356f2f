"""How often: a few windows in memory, which forget whoever they counted as soon as the window is over."""

import time
from collections import OrderedDict
from collections.abc import Callable


class Limit:
    """At most `most` of one key in `seconds`. Of many keys only the newest are remembered: a flood of
    addresses must not eat the memory, and the limit over all of a form holds it off."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic, keys: int = 10_000
    ) -> None:
        self.most, self.seconds, self.clock, self.keys = most, seconds, clock, keys
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count one more of `key`; False where that is too many."""
        now = self.clock()
        while self._windows and next(iter(self._windows.values()))[0] <= now - self.seconds:
            self._windows.popitem(last=False)
        begun, count = self._windows.get(key, (now, 0))
        self._windows[key] = (begun, count + 1)
        if len(self._windows) > self.keys:
            self._windows.popitem(last=False)
        return count < self.most
