"""What `make bench` measures, in order. A measure is a function without arguments that returns rows.

A new one is named in MEASURES. One that lacks what it needs raises FileNotFoundError and is told as left out.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from benchmarks.rows import Row, row


def duplicates() -> Iterator[Row]:
    """Possible duplicates among organisations, on 200 hard pairs labelled by hand and on two whole files."""
    from benchmarks.duplicates.measure import measure

    found = measure()
    for part, said in (("holdout", "half never looked at"), ("both", "all 200 pairs")):
        for figure in ("precision", "recall"):
            ours, peer = (found[part][who][figure] for who in ("ours", "peer"))
            name = f"duplicates: {figure}, {said}"
            yield row(name, ours, "", peer=peer, peer_name="rapidfuzz token_set_ratio", lower_is_better=False)
    name = "duplicates: Chinese ROR rows with the exact ministry name, found"
    yield row(name, found["exact_names_found"], "rows", at_least=found["exact_names"])
    yield row("duplicates: ministry's file matched against ROR", found["seconds"], "s", at_most=60)


def recognition() -> Iterator[Row]:
    """Recognition at a nation's size: one decision beside an answer set solver, all pairs, what would unlock most."""
    from benchmarks.national import measure

    found = measure()
    one, pairs = found["decisions"], found["coverage"]
    name = "recognition among 1.17 million rows: one decision"
    yield row(f"{name}, median", one["p50"], "ms", peer=one["clingo_p50"], peer_name="clingo", times_peer=10)
    peer = {"peer": one["clingo_own_rows_p50"], "peer_name": "clingo, rows of other programmes left out"}
    yield row(f"{name}, median", one["p50"], "ms", **peer)
    yield row(f"{name}, p95", one["p95"], "ms", at_most=5)
    name = "coverage of 1,300 majors against 3,000 profiles"
    peer = {"peer": pairs["written_ms"], "peer_name": "writing the result once more"}
    yield row(f"{name}: all pairs", pairs["pairs_ms"], "ms", at_most=3 * pairs["written_ms"], **peer)
    peer = {"peer": pairs["bare_ms"], "peer_name": "filling as much memory with one number"}
    yield row(f"{name}: all pairs", pairs["pairs_ms"], "ms", **peer)
    yield row(f"{name}: reading and settling the rows first", pairs["read_s"], "s")
    yield row(f"{name}: one changed row, median", pairs["row_us_p50"], "µs", at_most=100)
    yield row(f"{name}: one changed row, p95", pairs["row_us_p95"], "µs", at_most=100)
    yield row(f"{name}: what would unlock most learners", pairs["unlock_ms"], "ms", at_most=200)


def impact() -> Iterator[Row]:
    """What a revocation touches: 100,000 decisions out of 3.2 million dependencies."""
    from django.conf import settings

    from benchmarks.impact import measure

    for database, address in _databases():
        found = measure(settings.SUNMAO_HOME, address)
        name = f"impact, {database}: 100,000 decisions of 3.2 million dependencies listed"
        yield row(name, found["seconds"], "s", at_most=1)
        yield row(f"{name}, CPU time of the process", found["cpu"], "s")
        yield row(f"impact, {database}: the first 200 of them as records", found["page"], "s")


def alignment() -> Iterator[Row]:
    """Counterparts between standards, held out, beside plain TF-IDF of words."""
    from benchmarks.alignment import measure

    found = measure()
    if not found:
        raise FileNotFoundError("the reference data is absent")
    within, across = found["ESCO to O*NET"], found["Chinese to ESCO"]
    yield row("alignment: one query", within["ms_per_query"], "ms", at_most=8)
    able = across["abilities: glossary and dictionary"]["top5"]
    yield row("alignment: one Chinese ability among 13,896 skills", across["abilities: ms_per_query"], "ms", at_most=8)
    yield row("alignment: Chinese abilities to ESCO, top5", able, "", at_least=0.45)
    held_out = (
        ("ESCO to O*NET", within["engine, held out: certainty"]),
        ("ESCO to O*NET, title alone", within["engine on the title alone, held out: certainty"]),
        ("Chinese to ESCO", across["occupations and abilities: certainty"]),
    )
    for name, apart in held_out:
        title = f"alignment: {name}, certainty of the first five, expected calibration error"
        yield row(title, apart["first five"], "", peer=apart["uncalibrated"], peer_name="uncalibrated", at_most=0.05)
    pairs = (
        ("ESCO to O*NET", within["engine, held out"], within["plain TF-IDF of words"]),
        (
            "Chinese occupations to ESCO",
            across["occupations: glossary and dictionary"],
            across["occupations: plain TF-IDF of words after the dictionary alone"],
        ),
    )
    for name, ours, plain in pairs:
        for figure in ("top1", "top5"):
            title = f"alignment: {name}, {figure}"
            yield row(title, ours[figure], "", peer=plain[figure], peer_name="plain TF-IDF", lower_is_better=False)


def _databases() -> list[tuple[str, str]]:
    """Return the databases the registers of a nation's size are measured on: how the table names it, and its address."""
    from benchmarks.places import postgres

    return [("SQLite", ""), *([("PostgreSQL", postgres())] if postgres() else [])]


def listing() -> Iterator[Row]:
    """A 50-row list at a nation's size beside a plain Django page and beside django-tables2 with django-filter."""
    from django.conf import settings

    from benchmarks.listing import measure

    for database, address in _databases():
        for slug, found in measure(settings.SUNMAO_HOME, address).items():
            ms = {name: value * 1000 for name, value in found.items()}
            name = f"list of {slug}, {database}: one page"
            for way, peer, times in (
                ("plain", "plain Django page", 1),
                ("tables2", "django-tables2, django-filter, pages by number", 7),
                ("tables2-keyset", "django-tables2, django-filter, given our cursor", 7),
            ):
                yield row(name, ms["ours"], "ms", peer=ms[way], peer_name=peer, times_peer=times)
            yield row(f"list of {slug}, {database}: p95", ms["p95"], "ms", at_most=60)
            name = f"list of {slug}, {database}: page at nine tenths of the list beside the first"
            yield row(name, ms["late"], "ms", at_most=ms["first"] * 1.2)


def searching() -> Iterator[Row]:
    """Search in one box among 11,200 organisations and 20,000 cohorts."""
    from django.conf import settings

    from benchmarks.searching import measure

    results = []
    for database, address in _databases():
        found = measure(settings.SUNMAO_HOME, address)
        results.append([figures.pop("results") for figures in found.values()])
        for kind, figures in found.items():
            yield row(f"search, {database}: {kind}, p95", figures["p95"] * 1000, "ms", at_most=200)
        for kind in ("Cyrillic", "whole name", "misspelt name"):
            name = f"search, {database}: {kind}, the record among the first ten"
            yield row(name, found[kind]["found"] * 100, "%", at_least=95)
    if len(results) == 2:
        pairs = [(one, other) for both in zip(*results, strict=True) for one, other in zip(*both, strict=True)]
        same = sum(sorted(one) == sorted(other) for one, other in pairs) / len(pairs)
        yield row("search: queries with the same results on both databases", same * 100, "%", at_least=95)


def issuing() -> Iterator[Row]:
    """Credentials of one shape, beside raw signatures, @digitalbazaar/vc and openbadgeslib; rates per second of one core."""
    from benchmarks.issuing import COUNT, measure

    found = measure()
    issued, verified, whole, peer = (found[name] for name in ("issue", "verify", "shapes", "peer"))
    node, unit = "@digitalbazaar/vc", "/s"
    for name, ours, theirs, times in (
        (f"issuing {COUNT:,} credentials, genuine to a fresh process", issued, peer["issue"], 50),
        (f"verifying {COUNT:,} of a known shape", verified, peer["verify"], 20),
    ):
        yield row(f"{name}: part of the raw rate", ours["rate"] / ours["raw"], "", at_least=0.25)
        yield row(name, ours["rate"], unit, peer=theirs, peer_name=node, lower_is_better=False, times_peer=times)
    for name, theirs in ((node, peer["verify"]), ("openbadgeslib", whole["openbadgeslib"])):
        said = "verifying any valid shape, each as if it were the first"
        yield row(said, whole["general"], unit, peer=theirs, peer_name=name, lower_is_better=False, times_peer=3)


def nation() -> Iterator[Row]:
    """A nation's class into the register: a million issued from a list by two processes, what ten million would take."""
    from benchmarks.nation import COUNT, measure

    found = measure()
    name = f"a nation's class: {COUNT:,} issued from a list into SQLite, two processes"
    yield row(f"{name}, by the clock", found["rate"], "/s")
    yield row(f"{name}, the last tenth", found["late_rate"], "/s")
    yield row("a nation's class: checking the list first", found["check_s"], "s")
    yield row("a nation's class: genuine and in force to a fresh process", found["genuine"], "%", at_least=100)
    yield row(
        "a nation's class: ten million at the rate of the last tenth", found["ten_million_min"], "min", at_most=30
    )
    yield row("a nation's class: peak memory of the larger process", found["megabytes"], "MB", at_most=600)


def papers() -> Iterator[Row]:
    """Diplomas in four languages from a list, each a PDF of its own; CPU time of one paper."""
    from benchmarks.papers import COUNT, SAMPLE, measure

    found = measure()
    yield row(f"papers: {COUNT} diplomas in four languages, each a file", found["four"], "ms", at_most=50)
    yield row("papers: in one of the four languages each", found["one"], "ms", at_most=50)
    name = f"papers: of {2 * SAMPLE} files, genuine and in force to a fresh `sunmao verify`"
    yield row(name, found["genuine"], "%", at_least=100)


def importing() -> Iterator[Row]:
    """Two files of institutions into an empty register, with the search for duplicates."""
    from benchmarks.importing import measure

    found = measure()
    yield row("import: 2,247 + 2,919 organisations with duplicate search", found["seconds"], "s", at_most=60)
    yield row("import: peak memory", found["megabytes"], "MB", at_most=500)


def weight() -> Iterator[Row]:
    """What the home page of the demonstration weighs over the wire."""
    from benchmarks.weight import measure

    found = measure()
    yield row("home over the wire, with style and script", found["kilobytes"], "KB", at_most=100)
    yield row("home: requests to other hosts", found["elsewhere"], "requests", at_most=0)


MEASURES: dict[str, Callable[[], Iterator[Row]]] = {
    "duplicates": duplicates,
    "recognition": recognition,
    "impact": impact,
    "alignment": alignment,
    "listing": listing,
    "searching": searching,
    "importing": importing,
    "issuing": issuing,
    "nation": nation,
    "papers": papers,
    "weight": weight,
}


def measured(name: str) -> list[Row]:
    """Return the rows of one benchmark."""
    import django

    django.setup()
    return list(MEASURES[name]())


def apart(name: str) -> list[Row]:
    """Return the same from a process of its own: what another benchmark left in memory is not to slow it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, name).result()
