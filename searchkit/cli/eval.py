"""``searchkit eval``: measure how good the answers are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchkit.cli.places import collection_to_read, index_option, shown
from searchkit.cli.terminal import complain, in_json, printable

if TYPE_CHECKING:
    from searchkit.collection import Evaluation

SCHEMA = "searchkit.evaluation/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""

_SHOWN_NAMES = 3


@click.command("eval")
@click.argument("queries", type=click.Path(path_type=Path))
@click.argument("judgments", type=click.Path(path_type=Path))
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="A measure, such as nDCG@10, AP, RR, P@5, R@100; may be given several times. Default: "
    "nDCG@10, AP, RR and R@100.",
)
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many documents to take for each query.",
)
@click.option("--run", "run_file", type=click.Path(path_type=Path), help="Write the run (TREC's).")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="A run to compare with, that was written before.",
)
@click.option("--per-query", is_flag=True, help="Print the measures of each query, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(
    queries: Path,
    judgments: Path,
    measures: tuple[str, ...],
    depth: int,
    run_file: Path | None,
    against: Path | None,
    per_query: bool,
    as_json: bool,
    index: str | None,
) -> int:
    """Measure how well the index answers QUERIES, by JUDGMENTS of which documents are relevant.

    QUERIES has a JSON object with _id and text on each line (BEIR), an id and a text with a tab
    between, or TREC's topics. JUDGMENTS has query id, document id and grade on each line (BEIR), or
    TREC's four columns. A document's id is its key, or the last part of it, with or without suffix.
    Documents rank by their best passages.

    Exit code: 0 measured, 2 wrong usage, 3 no usable index.
    """
    with collection_to_read(index) as collection:
        found = collection.evaluate(
            queries, judgments, measures=measures, depth=depth, against=against
        )
    if run_file is not None:
        found.write_run(run_file)
    _complain_of(
        "judged document is not in the index", "judged documents are not in the index", found.absent
    )
    _complain_of(
        "judged query is not asked, and counts as not answered",
        "judged queries are not asked, and count as not answered",
        found.unasked,
    )
    if as_json:
        click.echo(in_json(_as_json(found, per_query)))
        return 0
    if per_query:
        for query in next(iter(found.scores.values())):
            values = "\t".join(f"{values[query]:.4f}" for values in found.scores.values())
            click.echo(printable(query) + "\t" + values)
    for line in _table(found, shown(against) if against else ""):
        click.echo(printable(line))
    return 0


def _table(found: Evaluation, baseline: str) -> list[str]:
    width = max(map(len, found.scores))
    if not baseline:
        lines = [f"{name:{width}}  {mean:.4f}" for name, mean in found.means.items()]
        return [*lines, _queries(found.queries)]
    lines = [f"{'':{width}}  before     now  difference  better  worse       p"]
    for name, before in found.means_before.items():
        one = found.comparisons[name]
        lines.append(
            f"{name:{width}}  {before:.4f}  {found.means[name]:.4f}     "
            f"{one.difference:+.4f}  {one.better:6,}  {one.worse:5,}  {_chance(one.p)}"
        )
    return [*lines, f"{_queries(found.queries)}; before: {baseline}"]


def _queries(count: int) -> str:
    return f"{count:,} quer{'y' if count == 1 else 'ies'}"


def _chance(p: float) -> str:
    return f"{p:.4f}" if p >= 1e-4 else "<.0001"


def _complain_of(of_one: str, of_several: str, names: tuple[str, ...]) -> None:
    if names:
        problem = of_one if len(names) == 1 else of_several
        some = ", ".join(names[:_SHOWN_NAMES]) + (", …" if len(names) > _SHOWN_NAMES else "")
        complain(f"{len(names):,} {problem}: {some}")


def _as_json(found: Evaluation, per_query: bool) -> dict[str, Any]:
    as_json: dict[str, Any] = {
        "schema": SCHEMA,
        "queries": found.queries,
        "measures": found.means,
    }
    if found.before:
        as_json["before"] = found.means_before
        as_json["comparison"] = {name: one._asdict() for name, one in found.comparisons.items()}
    if per_query:
        as_json["per_query"] = found.scores
    return as_json
