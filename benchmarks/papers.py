"""The papers of a list as `sunmao papers` writes them: diplomas in four languages, each a PDF of its own on the disk.

In CPU time of the process, all of its threads: rows read from the register, credential made again, both codes drawn, page
set, file written; the first paper, which looks for fonts and compiles the template, counts, too. Some of the files are
then verified by fresh processes with the register's bundle; where one is not genuine and in force nothing is told.

    python -m benchmarks.papers FOLDER COUNT
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

COUNT = 400
SAMPLE = 12
LANGUAGES = ("en", "zh", "ru", "ar")
WORDS = {"en": "Modern logistics", "zh": "现代物流管理", "ru": "Современная логистика", "ar": "اللوجستيات الحديثة"}
NAMES = ("Nodira Karimova", "李小龙", "Пётр Иванов", "علي بن محمد", "Ayşe Yılmaz")


def register() -> tuple[Any, Any, Any]:
    """Set up a register with a college, its key and a diploma; return the diploma, and an officer and a director."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from sunmao.credentials.models import Award, AwardIssuer, AwardKind
    from sunmao.directory import actions as directory
    from sunmao.directory.models import Organisation
    from sunmao.kernel import changes
    from sunmao.kernel.changes import System
    from sunmao.kernel.text import Texts
    from sunmao.keys import actions as keys
    from sunmao.people.models import Membership, Person, User
    from sunmao.standards.models import Outcome, Programme, ProgrammeVersion, VersionState

    by = System("bench")
    college = Organisation(title=Texts.of(en="Shipping College", zh="海运学院", ru="Морской колледж"), country="CN")
    directory.keep(college, by=by)
    people = []
    for role in ("officer", "director"):
        person = changes.save(Person(name=Texts.of(en=f"{role} Example")), by=by)
        account = User.objects.create_user(f"{role}@bench.example", None, person=person)
        changes.save(Membership(person=person, organisation=college, role=role), by=by)
        account.bound = account.second_factor = True
        people.append(account)
    programme = changes.save(Programme(title=Texts.of(WORDS), owner=college), by=by)
    version = changes.save(ProgrammeVersion(programme=programme, label="2026", hours=320), by=by)
    for number in range(1, 5):
        title = Texts.of(en=f"Plan transport {number}")
        changes.save(Outcome(version=version, number=str(number), title=title), by=by)
    version.state, version.published_on = VersionState.PUBLISHED, date(2026, 1, 5)
    changes.save(version, by=by)
    criteria = Texts.of(en="Every critical outcome, 80 % attendance.")
    award = Award(title=Texts.of(WORDS), kind=AwardKind.DIPLOMA, programme=version, criteria=criteria)
    changes.save(award, by=people[0])
    changes.save(AwardIssuer(award=award, number=1, organisation=college), by=people[0])
    keys.make(college, by=people[0])
    return award, *people


def _issue(place: Path, count: int, award: Any, first: Any, second: Any) -> Any:
    """Issue the diploma to everyone on a list, which two people sign; return the batch."""
    from sunmao.credentials import actions, issuing, recipients
    from sunmao.kernel import clock, sheets

    path = place / "list.csv"
    lines = [f"{NAMES[n % len(NAMES)]} {n},{clock.today()},{60 + n % 40},Project {n % 97}\n" for n in range(count)]
    path.write_text("recipient_name,awarded_on,result,narrative\n" + "".join(lines), encoding="utf-8")
    sha256 = sheets.digest(path)
    batch = actions.propose(award, count=count, sha256=sha256, by=first)
    batch = actions.sign_batch(batch, file_sha256=sha256, by=second)
    return issuing.Run(batch, recipients.recipients(path), place / "out.jsonl", by=second).finish()


def _write(place: Path, count: int) -> dict[str, float]:
    """Issue and write; return the milliseconds of one paper in four languages, and of one in each alone by turns."""
    award, first, second = register()
    batch = _issue(place, count, award, first, second)
    from sunmao.credentials import printing, trusting

    (place / "trust.json").write_bytes(trusting.bundle())
    found: dict[str, float] = {}
    for name, asked, most in (("four", (LANGUAGES,), None), ("one", [(code,) for code in LANGUAGES], count // 4)):
        folder, done = place / name, 0
        folder.mkdir()
        begun, clocked = time.process_time(), time.perf_counter()
        for turn, languages in enumerate(asked):
            papers = printing.of(batch, second, asked=languages, first=turn * (most or 0), count=most)
            done += sum(bool(paper.data) for paper in printing.write(papers, folder))
        found[name] = (time.process_time() - begun) / done * 1000
        found[f"{name}_clock"] = (time.perf_counter() - clocked) / done * 1000
        found[f"{name}_files"] = len(list(folder.glob("*.pdf")))
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def measure(count: int = COUNT) -> dict[str, float]:
    """Return the milliseconds a paper takes, how many files were written and how many of the sample are genuine."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        env = {**os.environ, "SUNMAO_HOME": home, "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
        env.pop("SUNMAO_DATABASE_URL", None)
        command = [sys.executable, "-m", "benchmarks.papers", home, str(count)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        draw = random.Random(7)
        chosen = [path for name in ("four", "one") for path in draw.sample(sorted((place / name).iterdir()), SAMPLE)]
        found["genuine"] = sum(_genuine(path, place / "trust.json") for path in chosen) / len(chosen) * 100
    return found


def _genuine(path: Path, bundle: Path) -> bool:
    """True where `sunmao verify` in a process of its own finds a file genuine and in force."""
    command = [sys.executable, "-m", "sunmao.site.cli", "verify", str(path), "--trust", str(bundle)]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    print(json.dumps(_write(Path(sys.argv[1]), int(sys.argv[2]))))
