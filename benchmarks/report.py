"""What is told of the results?"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import Sample, overlap

UNDISTURBED = 0.98
"""The share of its CPU below which an engine's times are not to be trusted."""


def machine() -> dict[str, Any]:
    """What the benchmark ran on."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cpus": os.cpu_count(),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {sys.version.split()[0]}",
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _first(file: str, name: str) -> str | None:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)


def summary(samples: Mapping[str, Sample], ours: str) -> dict[str, Any]:
    """The figures of one class: each engine's, and against ``ours`` on the same queries."""
    figures: dict[str, Any] = {}
    base = samples.get(ours)
    for engine, sample in samples.items():
        one: dict[str, Any] = {
            "queries": len(sample),
            "mean_us": sample.mean(),
            "p99_us": sample.p99(),
            "answered": sum(map(bool, sample.keys)),
            "choice": sample.choice,
            "cpu_share": median(sample.cpu_shares),
        }
        if base is not None:
            both = min(len(sample), len(base))
            one |= {
                "mean_ratio": sample.mean(both) / base.mean(both),
                "p99_ratio": sample.p99(both) / base.p99(both),
                "overlap": overlap(sample.keys, base.keys),
            }
        figures[engine] = one
    return figures


def tables(results: Mapping[str, Any]) -> str:
    """The results as text: what each engine is, its index, its queries, and the rest."""
    return "\n\n".join(
        part
        for part in (
            _engines(results),
            _indexes(results),
            _queries(results),
            _others(results["figures"], results["classes"]),
            "\n".join(_shortened(failure) for failure in results["failures"]),
        )
        if part
    )


def _shortened(failure: str) -> str:
    """The first words and the last line; a traceback in between is in the JSON."""
    lines = failure.strip().splitlines()
    return lines[0] if len(lines) == 1 else f"{lines[0].partition('Traceback')[0]}{lines[-1]}"


def _engines(results: Mapping[str, Any]) -> str:
    rows = [("engine", "version", "stems with")]
    remarks = []
    for name, one in results["engines"].items():
        rows.append((name, one["version"], one["stemming"]))
        if one["remarks"]:
            remarks.append(f"{name}: {one['remarks']}")
    return "\n".join([_table(rows), *remarks])


def _indexes(results: Mapping[str, Any]) -> str:
    engines = {name: one for name, one in results["engines"].items() if "build" in one}
    base = engines.get(results["ours"], {}).get("build")
    rows: list[Sequence[str]]
    rows = [("index", "MB/s", "seconds", "x", "MB", "x", "less text", "x", "peak MB", "segments")]
    for name, engine in engines.items():
        one = engine["build"]
        row = [name, f"{one['mb_per_second']:.1f}", f"{one['seconds']:.1f}"]
        row.append(_ratio(one, base, "seconds"))
        for size in ("bytes", "bytes_without_text"):
            row += [_mb(one[size]), _ratio(one, base, size)]
        row += [_mb(one["peak_bytes"]), str(engine["segments"] or "-")]
        rows.append(tuple(row))
    return _table(rows)


def _ratio(one: Mapping[str, Any], base: Mapping[str, Any] | None, figure: str) -> str:
    if base is None or not one[figure] or not base[figure]:
        return "-"
    return _times(one[figure] / base[figure])


def _mb(size: int | None) -> str:
    return "-" if size is None else f"{size / 1e6:.1f}"


def _queries(results: Mapping[str, Any]) -> str:
    ours, classes = results["ours"], results["classes"]
    if not classes:
        return ""
    engines = [name for name in results["engines"] if any(name in c for c in classes.values())]
    peers = [name for name in engines if name != ours]
    rows = []
    if ours in engines:
        rows.append((f"mean / 99th percentile: {ours} in us, then x of it", ours, *peers))
        for kind, figures in classes.items():
            own = figures.get(ours)
            told = [_ratios(figures.get(peer)) if own else "-" for peer in peers]
            rows.append((kind, _microseconds(own), *told))
        rows.append(("", *("" for _ in engines)))
        rows.append((f"share of the top ten that agrees with {ours}", "", *peers))
        for kind, figures in classes.items():
            shares = [figures.get(peer, {}).get("overlap") for peer in peers]
            rows.append((kind, "", *("-" if s is None else f"{s:.2f}" for s in shares)))
        rows.append(("", *("" for _ in engines)))
    in_order = [ours, *peers] if ours in engines else peers
    rows.append(("mean / 99th percentile in us", *in_order))
    for kind, figures in classes.items():
        rows.append((kind, *(_microseconds(figures.get(name)) for name in in_order)))
    return "\n".join(
        [
            _table(rows),
            "(n): only the first n queries of the class, being slow",
            *_disturbances(classes),
        ]
    )


def _disturbances(classes: Mapping[str, Any]) -> list[str]:
    lines = []
    for kind, figures in classes.items():
        shares = [(engine, one["cpu_share"]) for engine, one in figures.items()]
        less = [f"{engine} {share:.0%}" for engine, share in shares if share < UNDISTURBED]
        if less:
            lines.append(f"did not have the CPU to itself for {kind}: {', '.join(less)}")
    return lines


def _ratios(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "-"
    return f"{_times(figures['mean_ratio'])} / {_times(figures['p99_ratio'])}"


def _times(ratio: float) -> str:
    return f"{ratio:,.{3 if ratio < 0.1 else 2 if ratio < 10 else 1 if ratio < 100 else 0}f}"


def _microseconds(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "-"
    cut = f" ({figures['queries']})" if figures["cut"] else ""
    return f"{figures['mean_us']:,.0f} / {figures['p99_us']:,.0f}{cut}"


def _whole(number: float | None) -> str:
    return "-" if number is None else f"{number:,.0f}"


def _others(figures: Mapping[str, Any], classes: Mapping[str, Any]) -> str:
    parts = []
    rows: list[Sequence[str]] = []
    if memory := figures.get("memory"):
        rows = [("RssAnon after so many questions", "questions", "MB", "before opening")]
        for name, one in memory.items():
            both = (_mb(one["bytes"]), _mb(one["bytes_before_opening"]))
            rows.append((name, str(one["questions"]), *both))
        parts.append(_table(rows))
    if kernels := figures.get("kernels"):
        rows = [("mean / 99th percentile in us, kernels only", "", "x pisa, all of it")]
        for kind, one in kernels.items():
            ratios = "-"
            if "peer_mean_us" in one:
                mean, p99 = (one[f"peer_{name}"] / one[name] for name in ("mean_us", "p99_us"))
                ratios = f"{_times(mean)} / {_times(p99)}"
            rows.append((kind, f"{one['mean_us']:,.0f} / {one['p99_us']:,.0f}", ratios))
        parts.append(_table(rows))
    if ranking := figures.get("ranking"):
        parts.append(
            f"questions in the default ranking: {ranking['mean_us']:,.0f} us, "
            f"{_times(ranking['mean_ratio'])} / {_times(ranking['p99_ratio'])} x plain BM25"
        )
    if threads := figures.get("threads"):
        parts.append(
            f"two threads against two processes: {threads['ratio']:.0%} "
            f"({threads['threads_per_second']:,.0f} and {threads['processes_per_second']:,.0f} "
            "questions a second)"
        )
    if growth := figures.get("growth"):
        sizes = sorted({size for means in growth.values() for size in means})
        rows = [("mean us of a query by passages", *(f"{size:,}" for size in sizes))]
        for kind, means in growth.items():
            rows.append((kind, *(_whole(means.get(size)) for size in sizes)))
        parts.append(_table(rows))
    if whole := figures.get("fourfold"):
        peaks = ", ".join(_mb(peak) for peak in whole["peak_bytes_at_quarters"])
        parts.append(
            f"peak MB while indexing {whole['passages']:,} passages, by quarters: {peaks} "
            f"({_mb(whole['peak_bytes_before'])} before)"
        )
    if start := figures.get("start"):
        parts.append(
            f"searchkit query in a new process: {1e3 * start['query_seconds']:.0f} ms, "
            f"{start['ratio']:.1f} x python -c pass"
        )
    return "\n\n".join(parts)


def _table(rows: Sequence[Iterable[str]]) -> str:
    cells = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [any(cell[:1].isdigit() for cell in column) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = [
            cell.rjust(width) if number and at else cell.ljust(width)
            for at, (cell, width, number) in enumerate(zip(row, widths, numeric, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)
