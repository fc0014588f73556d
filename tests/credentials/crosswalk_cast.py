"""Two authorities, their programmes and a crosswalk with confirmed rows, to be drawn up and signed."""

from __future__ import annotations

from award_cast import programme
from cast import TESTS, organisation, user

from sunmao.credentials import actions
from sunmao.kernel import changes
from sunmao.keys import actions as keys
from sunmao.standards import actions as standards
from sunmao.standards.models import Crosswalk


class Scene:
    """Lin speaks for the ministry that answers for the college's standard, Alisher for the host's own."""

    def __init__(self):
        self.college, self.ministry = organisation("Lead College", country="CN"), organisation("Ministry", country="CN")
        self.host = organisation("Host University", ru="Университет", country="UZ")
        self.wang = user("Wang", ("officer", self.college))
        self.lin, self.alisher = user("Lin", ("authority", self.ministry)), user("Alisher", ("officer", self.host))
        self.source, self.target = programme(self.college, outcomes=4), programme(self.host, outcomes=4)
        of = self.source.programme
        of.authority = self.ministry
        changes.save(of, by=TESTS)
        self.crosswalk = changes.save(Crosswalk(source=self.source, target=self.target), by=self.lin)
        for home, by in ((self.ministry, self.lin), (self.host, self.alisher)):
            keys.make(home, by=by)
        self.rows = [self.confirmed(1, "exact"), self.confirmed(2, "target_broader")]

    def confirmed(self, n, relation, together=""):
        left, right = (version.outcomes.get(number=str(n)) for version in (self.source, self.target))
        row = standards.propose(self.crosswalk, left, right, relation, by=self.lin)
        row = standards.confirm(row, together=together, note="as in the curriculum", by=self.lin)
        return standards.confirm(row, by=self.alisher)

    def drawn(self):
        return actions.draw_up(self.crosswalk, by=self.lin)

    def issued(self):
        made = actions.sign_crosswalk(self.drawn(), by=self.lin)
        return actions.sign_crosswalk(made, by=self.alisher)
