"""Small random worlds in which everything a decision looks at may be there, missing, late or in dispute."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sunmao.recognition.evidence import (
    Application,
    Credential,
    Evidence,
    LanguageCertificate,
    PriorLearning,
    StatusChange,
)
from sunmao.recognition.facts import (
    Accreditation,
    BridgingModule,
    Competence,
    Condition,
    CrosswalkRow,
    DeliveryPermit,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
    Revocation,
    ShownDifference,
    Thresholds,
)
from sunmao.recognition.terms import (
    Authenticity,
    Basis,
    ConditionKind,
    Consequence,
    DateCounts,
    Known,
    Level,
    MeasureKind,
    Outcome,
    Purpose,
    Relation,
    RowsFrom,
    Span,
    Status,
    Unit,
)
from sunmao.recognition.tree import AllOf, AnyOf, Credits, KOf, Need

DAY_0 = date(2026, 1, 1)
AS_OF, KNOWN_AT = 10, 10
AUTHORITIES = ("UZ-a", "UZ-b", "CN-a", "KZ-a")


def day(number):
    return DAY_0 + timedelta(days=number)


def instant(number):
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


@dataclass(frozen=True)
class Sample:
    facts: tuple
    evidence: Evidence
    application: Application


def sample(rng, *, pools=True):
    """A random world; `rng` is a random.Random or stands for one."""
    targets = [f"T{i}" for i in range(rng.randint(2, 6))]
    sources = [f"S{i}" for i in range(rng.randint(2, 6))]
    make = _Maker(rng, targets, sources, pools)
    facts = [make.target(), *make.law(), *make.instruments(), *make.rows(), *make.modules()]
    facts += make.revocations(facts)
    application = Application(
        target="target", purpose=make.purpose, applied_on=day(rng.randint(5, 10)), fee_paid=rng.random() < 0.9
    )
    return Sample(tuple(facts), make.evidence(), application)


class _Maker:
    def __init__(self, rng, targets, sources, pools):
        self.rng, self.targets, self.sources, self.pools = rng, targets, sources, pools
        self.calm = rng.random() < 0.6  # a world without trouble before the outcomes are reached
        self.purpose = rng.choice([Purpose.STUDY, Purpose.STUDY, Purpose.WORK, Purpose.LICENCE])

    def chance(self, probability):
        return self.rng.random() < probability

    def some(self, among, least=1, most=3):
        count = self.rng.randint(min(least, len(among)), min(most, len(among)))
        return frozenset(self.rng.sample(list(among), count))

    def times(self, likely=0.85):
        """Mostly in force and known; else ending or starting around the day that is asked about."""
        span, known = Span(), Known()
        likely = 0.99 if self.calm else likely
        if not self.chance(likely):
            start = self.rng.choice([None, 9, 10, 11])
            span = Span(start and day(start), self.rng.choice([None, day(10), day(11)]))
        if not self.chance(likely):
            superseded = self.rng.choice([None, instant(10), instant(11)])
            known = Known(instant(self.rng.choice([9, 10, 11])), superseded)
        return {"span": span, "known": known}

    def requirement(self, depth, blocks):
        parts = [Need(t) for t in self.some(self.targets, 1, 4)]
        if depth:
            parts += [self.requirement(depth - 1, blocks) for _ in range(self.rng.randint(0, 2))]
        if blocks and self.chance(0.5):
            parts.append(blocks.pop())
        kind = self.rng.choice(["all", "all", "any", "k"])
        if kind == "k":
            return KOf(self.rng.randint(1, len(parts)), tuple(parts))
        return (AllOf if kind == "all" else AnyOf)(tuple(parts))

    def target(self):
        rng, pool = self.rng, "pool" if self.pools else ""
        blocks = [Credits(f"B{i}", rng.choice([200, 300, 500]), self.some(self.targets, 0, 3), pool) for i in range(2)]
        return ProgrammeVersion(
            key="target",
            country="UZ",
            field="0715" if self.calm else rng.choice(["0715", "0715", "0913"]),
            level=Level("UZ-NQF", 5),
            outcomes=tuple(Outcome(t, self.chance(0.4)) for t in self.targets),
            requirement=self.requirement(2, blocks if self.chance(0.6) else []),
            units=tuple(Unit(f"U{i}", self.some(self.targets)) for i in range(rng.randint(0, 2))),
            credits=rng.choice([0, 0, 500, 800]),
            regulated=self.chance(0.5),
        )

    def law(self):
        rng = self.rng
        facts = [
            Competence(key="c0", authority="UZ-a", country="UZ", **self.times()),
            Competence(key="c1", authority="UZ-b", country="UZ", fields=frozenset({"09"}), **self.times()),
            Competence(key="c2", authority="CN-a", country="CN", **self.times()),
            Competence(key="c3", authority="KZ-a", country="KZ", **self.times()),
        ]
        for i, college in enumerate(("college", "other")):
            if self.calm or self.chance(0.9):
                facts.append(Accreditation(key=f"acc{i}", institution=college, **self.times(0.9)))
        for i, programme in enumerate(("major", "minor")):
            if self.chance(0.9):
                given = self.chance(0.95)
                facts.append(
                    HomeRight(
                        key=f"right{i}",
                        programme=programme,
                        purpose=self.purpose,
                        given=given,
                        **self.times(),
                    )
                )
        for country in ("CN", "KZ"):
            if self.chance(0.7):
                lawful = self.chance(0.8)
                facts.append(
                    DeliveryPermit(
                        key=f"permit{country}",
                        institution="college",
                        country=country,
                        lawful=lawful,
                        **self.times(),
                    )
                )
        steps = [("CN-NQF", rng.choice([4, 5, 5])), ("UZ-NQF", 5), ("CN-NQF", 5)]
        for i, (framework, common) in enumerate(steps[: 2 if self.calm else rng.choice([1, 2, 2, 3])]):
            said = {"level": Level(framework, 5), "common": common, **self.times(0.95)}
            facts.append(Referencing(key=f"ref{i}", **said))
        subjects = [*self.targets, "B0", "B1", "level", "workload", "profile"]
        for i, subject in enumerate(sorted(self.some(subjects, 0, 4))):
            facts.append(
                ShownDifference(
                    key=f"shown{i}",
                    target="target",
                    subject=subject,
                    authority=rng.choice(AUTHORITIES[:2]),
                    programme=rng.choice(["", "major"]),
                    **self.times(),
                )
            )
        return facts

    def instruments(self):
        rng = self.rng
        found = []
        for i in range(rng.randint(1, 2)):
            thresholds = Thresholds(
                missing_percent=rng.choice([0, 20, 40]),
                credits_percent=rng.choice([0, 10, 40]),
                level_steps=rng.choice([0, 0, 1]),
                conditional_from_percent=rng.choice([0, 30, 50]),
                profile_percent=rng.choice([0, 0, 1, 50, 80]),
            )
            conditions = (Condition(ConditionKind.LANGUAGE, frozenset({rng.choice(list(Purpose))}), "uz", 3),)
            found.append(
                Instrument(
                    key=f"I{i}",
                    basis=rng.choice([Basis.CONVENTION, *([Basis.INTERGOVERNMENTAL] * 6), *Basis]),
                    home=frozenset({"CN", "KZ"}) if self.chance(0.3) else frozenset({"CN"}),
                    host=frozenset({"UZ"}),
                    purposes=frozenset({self.purpose}) | self.some(list(Purpose)),
                    fields=frozenset({"07"}) if self.chance(0.3) else frozenset(),
                    conditions=conditions if self.chance(0.3) else (),
                    date_counts=rng.choice(list(DateCounts)),
                    close_counts=self.chance(0.5),
                    rows_from=rng.choice([RowsFrom.EITHER, RowsFrom.EITHER, RowsFrom.HOST]),
                    thresholds=thresholds,
                    level_below=rng.choice(list(Consequence)),
                    measures=self.some(list(MeasureKind)) | {MeasureKind.MODULES}
                    if self.chance(0.5)
                    else frozenset({MeasureKind.MODULES}),
                    credit_ratio=rng.choice([(1, 1), (3, 2)]),
                    **self.times(),
                )
            )
        return found

    def rows(self):
        rng = self.rng
        likely = [Relation.EXACT, Relation.NARROWER, *Relation]
        return [
            CrosswalkRow(
                key=f"R{i}",
                sources=self.some(self.sources, 1, 2 if self.chance(0.4) else 1),
                target=rng.choice(self.targets),
                relation=rng.choice(likely),
                authority=rng.choice(["UZ-a", "UZ-a", *AUTHORITIES]),
                **self.times(),
            )
            for i in range(rng.randint(2, 18))
        ]

    def modules(self):
        rng = self.rng
        return [
            BridgingModule(
                key=f"M{i}",
                country=rng.choice(["UZ", "UZ", "UZ", "KZ"]),
                cost=rng.randint(1, 9),
                covers=self.some(self.targets, 0, 3),
                credits=rng.choice([0, 200, 300]),
                programmes=frozenset({"target"}) if self.chance(0.7) else frozenset(),
                **self.times(),
            )
            for i in range(rng.randint(0, 6))
        ]

    def revocations(self, facts):
        keys = [f.key for f in facts if f.key != "target"]
        return [
            Revocation(
                key=f"V{i}",
                of=self.rng.choice(keys),
                effective_on=day(self.rng.choice([8, 10, 11])),
                from_start=self.chance(0.3),
                known=self.times(0.5)["known"],
            )
            for i in range(self.rng.randint(0, 2))
        ]

    def credential(self, key):
        rng, often = self.rng, 12 if self.calm else 2
        units = tuple(
            Unit(
                rng.choice(["x", "y", "z", "w"]),
                self.some([*self.sources, *self.targets[:1]], 0, 3),
                rng.choice([100, 200, 300]),
            )
            for _ in range(rng.choice([0, 0, 2, 3]))
        )
        units = tuple({u.key: u for u in units}.values())
        history = tuple(
            StatusChange(
                rng.choice(list(Status)[:3] * 3 + [Status.FRAUD]),
                day(rng.choice([8, 10, 11])),
                self.times(0.7)["known"],
            )
            for _ in range(rng.choice([0] * often + [1, 2]))
        )
        return Credential(
            key=key,
            programme=rng.choice(["major", "major", "minor"]),
            issuer=rng.choice(["college", "college", "other"]),
            country=rng.choice(["CN"] * often + ["KZ", "UZ"]),
            field=rng.choice(["0715"] * often + ["0713", "0913"]),
            level=Level(rng.choice(["CN-NQF", "CN-NQF", "UZ-NQF"]), 5),
            awarded_on=day(2 if self.calm or self.chance(0.7) else rng.choice([1, 5, 9, 10, 11])),
            outcomes=self.some(self.sources, 2 if self.calm else 0, 6),
            units=units if self.chance(0.5) else (),
            credits=rng.choice([0, 400, 700]),
            delivered_in=rng.choice([""] * often + ["KZ"]),
            delivered_from=rng.choice([None, day(1)]),
            authenticity=rng.choice([Authenticity.CONFIRMED] * 2 * often + list(Authenticity)),
            history=history,
            **self.times(0.92),
        )

    def evidence(self):
        prior = tuple(self.prior(f"P{i}") for i in range(self.rng.choice([0, 0, 1])))
        level = self.rng.choice([2, 3, 4])
        languages = (LanguageCertificate(key="L0", language="uz", level=level, **self.times()),)
        count = self.rng.choice([1, 1, 2])
        return Evidence(
            learner="someone",
            credentials=tuple(self.credential(f"C{i}") for i in range(count)),
            prior_learning=prior,
            languages=languages if self.chance(0.5) else (),
        )

    def prior(self, key):
        shown = self.some([*self.sources, *self.targets], 0, 3)
        return PriorLearning(key=key, outcomes=shown, credits=self.rng.choice([0, 300]), **self.times())
