"""Phone numbers nobody owns, each handed out once.

Regulators keep ranges for fiction: French 06 39 98 and five landline blocks, North American
xxx-555-01xx, British 07700 900 and 0x 496 0, German 0176 040690 and the town blocks for films. They are
used as far as they reach; two limits to know: phone libraries call 06 39 98 possible but not valid, and
Belgium reserves nothing, so an arbitrary block serves. One more reason why nothing here ever dials or
writes to anyone.
"""

QUEBEC_AREAS = (514, 438, 450, 418, 581, 819, 873, 579, 367, 263, 354, 468)
# A shop with more Canadians than Quebec's fiction numbers has customers who kept an old number.
# fmt: off
OTHER_AREAS = (
    613, 343, 416, 647, 437, 905, 289, 365, 519, 226, 548, 705, 249, 807, 604, 778, 236, 250, 403, 587,
    825, 780, 306, 639, 204, 431, 506, 902, 782, 709, 867, 212, 310, 312, 404, 415, 503, 512, 602, 617,
    702, 713, 718, 206, 215, 303, 305, 313, 314, 408, 410,
)
# fmt: on
FRENCH_LANDLINES = ("19900", "26191", "35301", "46571", "53649")
GERMAN_LANDLINES = ("3023125", "6990009", "4066969", "2214710", "8999998")
BRITISH_LANDLINES = ("1134960", "1144960", "1154960", "1164960", "1174960", "1184960", "1214960", "1614960")
# Shares no factor with a power of ten: stepping by it visits each number once, in no visible order.
# (The start is not zero, because 0470 00 00 00 is what people type to be left alone.)
START, STRIDE = 4_321, 7_919


class Numbers:
    """Counters over the ranges; the same calls give the same numbers."""

    def __init__(self) -> None:
        self._turns: dict[str, int] = {}

    def mobile(self, country: str) -> str:
        if country in ("CA", "US"):
            return self._north_american()
        if country in ("DE", "GB"):
            # A hundred and a thousand are kept; past them the neighbours serve, as below.
            turn = self._next(f"mobile {country}")
            return f"+49176{4_069_000 + turn:08d}" if country == "DE" else f"+44{7_700_900_000 + turn}"
        block, index = divmod(self._next(f"mobile {country}"), 10_000)
        index = (START + index * STRIDE) % 10_000
        if country == "BE":
            return f"+32470{block:02d}{index:04d}"
        # Past 10,000 the block is exhausted and its neighbours serve; only benches get that far.
        return f"+33639{98 - block:02d}{index:04d}"

    def landline(self, country: str) -> str:
        if country in ("CA", "US"):
            return self._north_american()
        turn = self._next(f"landline {country}")
        if country in ("DE", "GB"):
            code, blocks = ("+49", GERMAN_LANDLINES) if country == "DE" else ("+44", BRITISH_LANDLINES)
            return f"{code}{blocks[turn % len(blocks)]}{turn // len(blocks) * 37 % 1000:03d}"
        if country == "BE":
            return f"+322{5_000_000 + (START + turn * STRIDE) % 1_000_000}"
        return f"+33{FRENCH_LANDLINES[turn % 5]}{(START + turn // 5 * STRIDE) % 10_000:04d}"

    def _north_american(self) -> str:
        turn = self._next("nanp")
        areas, start = (QUEBEC_AREAS, 0) if turn < 1_200 else (OTHER_AREAS, 1_200)
        line, area = divmod(turn - start, len(areas))
        # Beyond every area's hundred lines the next exchange serves, for benches again.
        exchange, line = 555 + line // 100, line * 37 % 100
        return f"+1{areas[area]}{exchange}01{line:02d}"

    def _next(self, kind: str) -> int:
        turn = self._turns.get(kind, 0)
        self._turns[kind] = turn + 1
        return turn
