"""What learning from one country counts for in another: the law it rests on, the cases, and what was decided.

Words. An *instrument* is a legal basis in one direction, from the home country of a qualification to the host
country that recognises it. A *case* is one applicant's question to one authority; what he lays before it is
*evidence* (qualifications, prior learning, language certificates). The machine gives an *indication*; only two
persons of the authority make a *decision*: one proposes, another confirms. The *ground* of a decision is every
fact it relied on, its *questions* everything that was asked, those that found nothing too. *Standing* says
whether it still has its ground: it stands, stands on other ground, or review is due.

Rules. The legal basis decides: under a convention what no authority has shown to be a substantial difference is
none; an agreement between governments or a ministry's act says its own; an agreement between institutions gives
credit only; a memorandum gives nothing. Facts that law hangs on hold from a day until another (which no longer
counts) and are known from an instant until superseded; none is overwritten. A decision keeps pseudonymous ids,
codes, dates and commitments only, so that replaying it gives the same hash after the holder's data were erased.
An issued decision is never altered: an appeal or a review makes a second one beside it.

What thinks (`decide`, `world`, `facts`, `terms`, `evidence`, `record`, `appeal` and what they use) does so without
Django; `models`, `policy`, `desk`, `actions` and `queries` are the room around it.
"""
