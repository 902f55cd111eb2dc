"""Duplicates in one table of persons: candidates, a model learned without labels, clusters, and why.

The model is learned twice over. Expectation and maximisation over the candidates gives a first one, good enough for
clusters that are beyond doubt; what agrees and differs within these gives the model by which the rest is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from .blocking import candidates
from .cluster import agglomerate, members, pairs_within
from .comparisons import NO_LEVEL, Comparison, compare
from .guessing import guess_settings
from .kernels import Bits, Levels, Places, cross_pairs
from .model import Model, learn, learn_from_clusters, probability
from .settings import Settings, read_settings
from .table import encode, in_order, read_table

AT_ONCE = 2_000_000  # pairs compared at a time: some 100 MB
Tell = Callable[[str], None]


def silent(_: str) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class Deduped:
    """The answer: ``clusters`` (id, cluster: the first identifier in it) by identifier, and what explains it."""

    clusters: pl.DataFrame
    engine: Engine
    model: Model
    numbers: npt.NDArray[np.int64]

    def explanations(self) -> pl.DataFrame:
        """Every two records taken for one person: bits and probability of the pair, level and bits of each field.

        A pair of a cluster may be unlikely by itself: others of the cluster speak for it.
        """
        a, b, _ = pairs_within(self.numbers)
        ids = self.clusters["id"]
        levels, chances = self.engine.agreements(a, b)
        bits = self.model.bits(levels, chances)
        told: dict[str, pl.Series] = {
            "id_a": ids[a], "id_b": ids[b], "bits": _rounded(bits, 2), "probability": _rounded(probability(bits), 6),
        }
        for number, comparison in enumerate(self.engine.comparisons):
            names = pl.Series([*comparison.names, *[""] * (NO_LEVEL - len(comparison.names)), "missing"])
            weights = self.model.weights(number, levels[number], chances[number])
            told[f"{comparison.column.field.name}_level"] = names[levels[number].astype(np.int64)]
            told[f"{comparison.column.field.name}_bits"] = _rounded(weights, 2)
        return pl.DataFrame(told)


def _rounded(numbers: npt.NDArray[np.floating], digits: int) -> pl.Series:
    return pl.Series(numbers, dtype=pl.Float64).round(digits)


class Engine:
    """The comparisons of a table's fields, with their chances learned from it."""

    def __init__(self, comparisons: Sequence[Comparison], *, blend: float) -> None:
        self.comparisons = tuple(comparisons)
        self.blend = blend

    def agreements(self, a: Places, b: Places) -> tuple[list[Levels], list[Bits]]:
        """Of each field: the level of every pair, and log₂ of its chance between strangers."""
        levels = [one.levels(a, b) for one in self.comparisons]
        return levels, self.chances(a, b, levels)

    def chances(self, a: Places, b: Places, levels: Sequence[Levels]) -> list[Bits]:
        """Of each field: log₂ of the chance of the pairs' levels between strangers."""
        return [one.log_chance(a, b, of) for one, of in zip(self.comparisons, levels, strict=True)]

    def learn_strangers(
        self, model: Model, levels: Sequence[Levels], strangers: npt.NDArray[np.bool_], total: float,
    ) -> None:
        """Correct the chances between strangers by the candidates (their ``levels``) that clusters found to be such."""
        for one, within, of in zip(self.comparisons, model.within, levels, strict=True):
            met = np.bincount(of[strangers], minlength=NO_LEVEL + 1)[:len(within)] / total
            one.learn_strangers(prior=model.prior, within=within, met=met)

    def cluster_bits(self, left: Places, right: Places, cluster: Places, model: Model) -> Bits:
        """Posterior bits that clusters are one person, from all pairs of a record of either.

        Field by field, the pairs' likelihood ratios are averaged as a power mean with exponent ``blend``. The plain
        mean (1) asks whether any of the other's values fits, and forgives all that contradicts; the mean of the bits
        (towards 0) takes every error of either for evidence. In between, both are heard.
        """
        order, start = members(cluster)
        sizes = np.diff(start)
        ends = np.cumsum(sizes[left] * sizes[right])
        bits = np.empty(len(left), np.float32)
        first = 0
        while first < len(left):
            before = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
            a, b, of = cross_pairs(left[first:last], right[first:last], order, start, int(ends[last - 1]) - before)
            bits[first:last] = self._averaged(a, b, of, last - first, model)
            first = last
        return bits

    def _averaged(self, a: Places, b: Places, of: Places, count: int, model: Model) -> npt.NDArray[np.float64]:
        total = np.full(count, model.prior_bits)
        for number, comparison in enumerate(self.comparisons):
            levels = comparison.levels(a, b)
            said = levels != NO_LEVEL
            weights = model.weights(number, levels[said], comparison.log_chance(a[said], b[said], levels[said]))
            raised = np.exp2(self.blend * weights.astype(np.float64))
            pairs = np.bincount(of[said], minlength=count)
            sums = np.bincount(of[said], weights=raised, minlength=count)
            any_pair = pairs > 0
            total[any_pair] += np.log2(sums[any_pair] / pairs[any_pair]) / self.blend
        return total


def dedupe(frame: pl.DataFrame, *, id_column: str, settings: Settings, tell: Tell = silent) -> Deduped:
    """Cluster the records of a table by the person they are about.

    Only the columns that the settings name are read. The same table gives the same clusters, whatever its order.

    :raises BadTable: the identifiers are not there, not complete or not unique.
    :raises BadSettings: the settings name a column that the table has not.
    """
    frame = in_order(frame, id_column)
    columns = encode(frame, settings)
    records = len(frame)
    a, b = candidates(columns, settings) if records else (np.empty(0, np.int64), np.empty(0, np.int64))
    tell(f"{records} bản ghi, {len(a)} cặp ứng viên")
    rng = np.random.default_rng(settings.seed)
    engine = Engine([compare(column, rng) for column in columns], blend=settings.blend)
    model, numbers = _resolve(engine, a, b, records, settings, tell)
    ids = frame[id_column]
    first = np.unique(numbers, return_index=True)[1]
    clusters = pl.DataFrame({"id": ids, "cluster": ids[first][numbers]})
    return Deduped(clusters, engine, model, numbers)


def _resolve(
    engine: Engine, a: Places, b: Places, records: int, settings: Settings, tell: Tell,
) -> tuple[Model, npt.NDArray[np.int64]]:
    """The model and each record's cluster: learned, clustered, and learned again from the clusters."""
    total = max(records * (records - 1) / 2, 1.0)
    levels, chances = engine.agreements(a, b)
    start = [one.start for one in engine.comparisons]
    model = learn(levels, chances, start, total=total, prior=min(max(records, 1) / total, 0.5))
    for left in range(settings.rounds, -1, -1):
        threshold = settings.threshold + (settings.surplus if left else 0.0)
        numbers = agglomerate(
            a, b, model.bits(levels, chances), records=records, threshold=threshold,
            compare=lambda x, y, of, model=model: engine.cluster_bits(x, y, of, model),  # type: ignore[misc]
        )
        tell(f"{int(numbers.max(initial=-1)) + 1} cụm, ngưỡng {threshold:g} bit")
        if left:
            model = _learned_again(engine, numbers, total) or model
            engine.learn_strangers(model, levels, numbers[a] != numbers[b], total)
            chances = engine.chances(a, b, levels)
    return model, numbers


def _learned_again(engine: Engine, numbers: Places, total: float) -> Model | None:
    """The model of the clusters; None where there are none to learn from."""
    a, b, of = pairs_within(numbers)
    if not len(a):
        return None
    levels = [one.levels(a, b) for one in engine.comparisons]
    return learn_from_clusters(levels, of, [len(one.names) for one in engine.comparisons], total=total)


@dataclass(frozen=True, slots=True)
class Found:
    """How many records were read and how many persons they are."""

    records: int
    clusters: int


def dedupe_files(
    records: Sequence[Path], *, id_column: str, out: Path, settings_file: Path | None = None,
    explanations: Path | None = None, leave_out: Sequence[str] = (), tell: Tell = silent,
) -> Found:
    """Read tables, cluster their records, write ``id,cluster`` in the order read, and if wanted the explanations.

    Without a settings file the fields are guessed from all columns but ``leave_out``.

    :raises BadTable: a table cannot be read, or its identifiers are not complete and unique.
    :raises BadSettings: the settings are wrong, or do not fit the table.
    """
    frame = read_table(records)
    if settings_file:
        settings = read_settings(settings_file)
    else:
        settings = guess_settings(frame, id_column=id_column, leave_out=leave_out)
        for field in settings.fields:
            tell(f"Trường {field.name} ({field.type}): {', '.join(field.columns)}")
    found = dedupe(frame, id_column=id_column, settings=settings, tell=tell)
    as_read = frame.select(id=id_column).join(found.clusters, on="id", how="left", maintain_order="left")
    _write(as_read, out)
    if explanations:
        _write(found.explanations(), explanations)
    return Found(records=len(as_read), clusters=as_read["cluster"].n_unique())


def _write(frame: pl.DataFrame, path: Path) -> None:
    """As parquet or CSV, by the name's ending; there whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    if path.suffix == ".parquet":
        frame.write_parquet(partial)
    else:
        frame.write_csv(partial)
    partial.replace(path)

