"""How much each level is worth, in bits: as shipped, or a company's own from `firsthand train-matcher`."""

import json
from dataclasses import dataclass
from pathlib import Path

from pipelines.resemblance.recipe import COMPARISONS

SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """`bits[comparison][level]`; `threshold` is the sum from which two profiles are held for one person."""

    version: str
    threshold: float
    bits: dict[str, dict[str, float]]


def read(path: Path = SHIPPED) -> Weights:
    """Raises ValueError naming what is missing or no number."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        weights = Weights(str(found["version"]), float(found["threshold"]), dict(found["bits"]))
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path.name}: no file of weights ({type(error).__name__}: {error})") from None
    for comparison in COMPARISONS:
        given = weights.bits.get(comparison.name, {})
        wanted = {level.name for level in comparison.levels}
        if missing := wanted - {name for name, bits in given.items() if isinstance(bits, int | float)}:
            raise ValueError(f"{path.name}: no weight for {comparison.name}: {', '.join(sorted(missing))}")
    return weights


def chosen(name: str) -> Weights:
    """The shipped ones, or those in the file of that path."""
    return read() if name == "shipped" else read(Path(name))
