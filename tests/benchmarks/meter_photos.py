"""How many meters are read rightly: `python -m tests.benchmarks.meter_photos DIR [--turned]`.

DIR holds photos and `labels.csv` (file, int_digits, decimals, kind). The previous reading is the
true one less a random amount, from fixed seeds. A reading is right when its whole part is; exact
when all the decimals of the label are. With `--another` each photo is shown for another meter of
the folder, for which its number is not plausible: right is to propose nothing. Neither the photos
nor anything made of them belongs here.
"""

import argparse
import asyncio
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter

from PIL import Image, ImageOps

from bot.services.meter_photo import PhotoProposal
from bot.vision.reader import PhotoReader
from tests.benchmarks.figures import Figure

OUTCOMES = ("right", "exact", "first 3", "wrong", "none")
PLAUSIBLE = Decimal(500)
MOST_WRONG, LEAST_RIGHT, LEAST_RIGHT_TURNED = 0.04, 0.90, 0.80
MOST_OF_ANOTHER = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A photo, and what is seen on it; None when there is nothing to be read."""

    path: Path
    kind: str
    value: Decimal | None
    decimals_shown: int

    @property
    def decimals(self) -> int:
        """How many decimals the meter is known to have."""
        return 3 if self.kind.startswith(("water", "gas")) else 1

    def previous(self, seed: int) -> Decimal:
        """Return an earlier reading, the same for each run."""
        random = Random(f"{seed} {self.path.name}")
        if self.value is None:
            return Decimal(random.randint(100, 9000))
        used = Decimal(random.uniform(5, 300)).quantize(Decimal(10) ** -self.decimals)
        return max(self.value - used, Decimal(0))


def labelled(folder: Path) -> Iterator[Labelled]:
    """Yield what the folder's labels tell."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            digits, decimals = row["int_digits"], row["decimals"]
            yield Labelled(
                path=folder / row["file"],
                kind=row["kind"],
                value=Decimal(f"{digits}.{decimals or 0}") if digits else None,
                decimals_shown=len(decimals),
            )


def shown_for_another(
    photo: Labelled, photos: Sequence[Labelled], *, seed: int
) -> tuple[Labelled, Decimal] | None:
    """Return the photo as one that shows nothing, and the previous reading of another meter.

    None when its number is plausible for all meters with as many decimals.
    """
    others = [each for each in photos if each.value and each.decimals == photo.decimals]
    before = [each.previous(seed) for each in others]
    if photo.value is not None:
        before = [each for each in before if not each <= photo.value <= each + PLAUSIBLE]
    if not before:
        return None
    random = Random(f"another {seed} {photo.path.name}")
    return replace(photo, value=None), random.choice(before)


def shows(
    asked: argparse.Namespace, photos: Sequence[Labelled]
) -> Iterator[tuple[Labelled, Decimal | None]]:
    """Yield each photo with the previous readings that it is shown for."""
    for photo in photos[asked.first :: asked.step]:
        for seed in range(1, asked.seeds + 1):
            if asked.another:
                shown = shown_for_another(photo, photos, seed=seed)
                if shown is not None:
                    yield shown
            else:
                yield photo, None if asked.unknown else photo.previous(seed)


def turned(photo: bytes, quarters: int) -> bytes:
    """Return the photo turned clockwise by so many quarters; itself for none."""
    if not quarters:
        return photo
    file = BytesIO()
    with Image.open(BytesIO(photo)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.rotate(-90 * quarters, expand=True).save(file, "JPEG", quality=92)
    return file.getvalue()


def outcomes(photo: Labelled, proposal: PhotoProposal) -> list[str]:
    """Return what came of it: right, wrong or none, and what else is true."""
    values = [each.value for each in proposal.candidates]
    if photo.value is None:
        return ["wrong" if values else "right"]
    if not values:
        return ["none"]
    is_right = int(values[0]) == int(photo.value)
    found = ["right" if is_right else "wrong"]
    if any(int(value) == int(photo.value) for value in values):
        found.append("first 3")
    if is_right and (not photo.decimals_shown or values[0] == photo.value):
        found.append("exact")
    return found


def peak_mb(pid: int | None) -> int:
    """Return the most memory that the process ever held; 0 where the system does not tell."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
    return 0


async def measured(asked: argparse.Namespace) -> tuple[Mapping[str, Counter[str]], float, int]:
    """Return outcomes by kind, seconds per photo, and peak memory of the worker in MB."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reader = PhotoReader(time_out_s=120)
    quarters = (1, 2, 3) if asked.turned else (0,)
    started, peak = perf_counter(), 0
    try:
        for photo, previous in shows(asked, list(labelled(asked.folder))):
            for turn in quarters:
                proposal = await reader.propose(
                    turned(photo.path.read_bytes(), turn),
                    previous=previous,
                    plausible=asked.plausible,
                    decimals=photo.decimals,
                )
                found = outcomes(photo, proposal)
                counts[photo.kind].update(["all", *found])
                if asked.verbose and "right" not in found:
                    print(photo.path.name, turn, photo.value, proposal, flush=True)
            peak = max(peak, peak_mb(reader.pid))
    finally:
        await reader.close()
    photos = sum(count["all"] for count in counts.values())
    return counts, (perf_counter() - started) / max(photos, 1), peak


def table(counts: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Yield a line for each kind, and one for all of them, in percent."""
    total: Counter[str] = sum(counts.values(), Counter())
    yield f"{'kind':12} photos" + "".join(f"{each:>9}" for each in OUTCOMES)
    for kind, count in [*sorted(counts.items()), ("all", total)]:
        shares = "".join(f"{100 * count[each] / count['all']:8.1f}%" for each in OUTCOMES)
        yield f"{kind:12} {count['all']:6}{shares}"


def figures(counts: Mapping[str, Counter[str]], asked: argparse.Namespace) -> list[Figure]:
    """Return what must be kept, as shares of all photos."""
    total: Counter[str] = sum(counts.values(), Counter())
    right, wrong = (total[each] / max(total["all"], 1) for each in ("right", "wrong"))
    if asked.another:
        return [Figure(name="proposed for another meter", value=wrong, at_most=MOST_OF_ANOTHER)]
    least = LEAST_RIGHT_TURNED if asked.turned else LEAST_RIGHT
    return [
        Figure(name="right", value=right, at_least=least),
        Figure(name="wrong", value=wrong, at_most=None if asked.turned else MOST_WRONG),
    ]


async def figures_of_photos(folder: Path, *options: str) -> Sequence[Figure]:
    """Return how the photos of a folder are read, each once."""
    asked = parsed([str(folder), *options])
    counts, seconds, peak = await measured(asked)
    return [
        *figures(counts, asked),
        Figure(name="seconds per photo", value=seconds, unit="s"),
        Figure(name="peak memory of the worker", value=peak, unit="MB"),
    ]


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.meter_photos")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turned", action="store_true", help="by 90, 180 and 270 degrees")
    parser.add_argument("--another", action="store_true", help="shown for another meter")
    parser.add_argument("--unknown", action="store_true", help="without a previous reading")
    parser.add_argument("--plausible", type=Decimal, default=PLAUSIBLE, help="most used since")
    parser.add_argument("--seeds", type=int, default=1, help="previous readings per photo")
    parser.add_argument("--step", type=int, default=1, help="take each n-th photo")
    parser.add_argument("--first", type=int, default=0, help="begin at this photo")
    parser.add_argument("--verbose", action="store_true", help="name what was not right")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 when the figures are not good enough."""
    asked = parsed(arguments)
    counts, seconds, peak = asyncio.run(measured(asked))
    for line in table(counts):
        print(line)
    print(f"{seconds:.2f} s a photo, worker's peak memory {peak} MB")
    kept = (each.is_kept for each in figures(counts, asked))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
