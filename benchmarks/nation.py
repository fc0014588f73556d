"""A nation's class: everyone on a list issued a credential into a register of its own, as `sunmao issue --workers 1` does.

One process signs, one keeps rows, log and file. Told are the rate by the clock, of all and of the last tenth (indexes have
grown by then), the CPU time of a credential in either process, the peak memory of both, and what ten million would take at
the rate of the last tenth. Every line is then verified by a fresh process that knows the signed bundle alone; what it does
not find genuine and in force earns nothing.

    python -m benchmarks.nation [COUNT]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNT = 1_000_000
TEN_MILLION = 10_000_000
NAMES = ("Nodira Karimova", "李小龙", "Пётр Иванов", "Aziz O'Brien", "Ayşe Yılmaz", "علي بن محمد")
SAYS = "genuine and in force"


def _list(path: Path, count: int) -> None:
    """Write a list that says everything of two in three, a name and a result of the others."""
    from sunmao.kernel import clock

    day = clock.today()
    with path.open("w", encoding="utf-8") as out:
        out.write("recipient_name,recipient_id,awarded_on,result,narrative\n")
        for number in range(count):
            who, what = (f"did:example:{number}", f"Took part in project {number % 97}") if number % 3 else ("", "")
            out.write(f"{NAMES[number % 6]} {number},{who},{day},{number % 101},{what}\n")


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _issue(place: Path, count: int) -> dict[str, float]:
    """Check the list, issue it, write the bundle; return the figures."""
    from benchmarks.papers import register

    award, first, second = register()
    from sunmao.credentials import actions, issuing, recipients, trusting
    from sunmao.kernel import sheets

    path = place / "list.csv"
    _list(path, count)
    begun = time.perf_counter()
    assert recipients.check(path, recipients.checker_of(award)).count == count
    found = {"check_s": time.perf_counter() - begun}
    sha256 = sheets.digest(path)
    batch = actions.propose(award, count=count, sha256=sha256, by=first)
    if batch.state != "signing":
        batch = actions.sign_batch(batch, file_sha256=sha256, by=second)
    told: list[tuple[int, float]] = []
    begun, used, others = time.perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    issuing.Run(
        batch, recipients.recipients(path), place / "out.jsonl", by=second, workers=1,
        tell=lambda done: told.append((done, time.perf_counter())),
    ).finish()  # fmt: skip
    spent = time.perf_counter() - begun
    late_count, late_at = next((done, at) for done, at in told if done >= count * 0.9 or done == told[-1][0])
    late = (count - late_count) / (told[-1][1] - late_at) if count > late_count else count / spent
    (place / "trust.json").write_bytes(trusting.bundle())
    found |= {
        "rate": count / spent, "late_rate": late,
        "keeps_ms": (_cpu(resource.RUSAGE_SELF) - used) / count * 1000,
        "signs_ms": (_cpu(resource.RUSAGE_CHILDREN) - others) / count * 1000,
        "keeps_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "signs_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "register_kb": sum(one.stat().st_size for one in place.glob("*.sqlite3*")) / count / 1024,
        "file_kb": (place / "out.jsonl").stat().st_size / count / 1024,
    }  # fmt: skip
    return found


def _verify(place: Path) -> dict[str, float]:
    """Return how many different lines of the file are genuine and in force to someone who has the bundle."""
    from datetime import UTC, datetime

    from sunmao.vc.checks import Asked
    from sunmao.vc.contexts import default_contexts
    from sunmao.vc.known import Known
    from sunmao.vc.trust import load_bundle

    now = datetime.now(UTC)
    trust = load_bundle((place / "trust.json").read_bytes(), now=now)
    known, genuine = Known(Asked(trust, now, default_contexts())), set()
    with (place / "out.jsonl").open("rb") as lines:
        for line in lines:
            if str(known.verify(line.rstrip(b"\n")).verdict) == SAYS:
                genuine.add(line.partition(b'"id":"')[2][:45])
    return {"genuine": len(genuine)}


def measure(count: int = COUNT) -> dict[str, float]:
    """Return the figures of so many; `genuine` is in per cent, the rates count genuine ones only."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "SUNMAO_HOME": home, "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
        env.pop("SUNMAO_DATABASE_URL", None)
        found: dict[str, float] = {}
        for word in ("issue", "verify"):
            command = [sys.executable, "-m", "benchmarks.nation", word, home, str(count)]
            done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
            found |= json.loads(done.stdout.splitlines()[-1])
    good = found["genuine"] / count
    found |= {"genuine": good * 100, "rate": found["rate"] * good, "late_rate": found["late_rate"] * good}
    found["ten_million_min"] = TEN_MILLION / found["late_rate"] / 60 if good else float("inf")
    found["megabytes"] = max(found["keeps_mb"], found["signs_mb"])
    return found


def said(found: dict[str, float], count: int) -> str:
    """Return the figures in a line for people."""
    return (
        f"{count:,} issued, {found['genuine']:.4g} % genuine: {found['rate']:,.0f} a second, the last tenth "
        f"{found['late_rate']:,.0f}; ten million in {found['ten_million_min']:.0f} min, the list checked in "
        f"{found['check_s'] * TEN_MILLION / count / 60:.0f} min before; CPU of one {found['keeps_ms']:.3f} ms to keep and "
        f"{found['signs_ms']:.3f} ms to sign; at most {found['keeps_mb']:.0f} and {found['signs_mb']:.0f} MB"
    )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("issue", "verify"):
        word, folder, many = sys.argv[1:]
        print(json.dumps(_issue(Path(folder), int(many)) if word == "issue" else _verify(Path(folder))))
    else:
        asked = int(sys.argv[1]) if sys.argv[1:] else COUNT
        print(said(measure(asked), asked))
