"""Credentials: what learners are awarded, by whom, signed how, and whether it still holds.

Award: a template, drawn up once: kind, title, programme version, criteria, and the institutions that issue it, the
first of which is the credential's issuer and the others its joint issuers. Conferral: one award given to learners
of one cohort on a day; the institutions sign it, in any order, until its deadline. Credential: what one learner
holds: an Open Badges 3.0 credential in the form of VC 2.0, with a printed number (which gives the verdict only) and
a link (which shows name and results as far as the holder allows). Status list: the signed bitstring in which a
verifier reads whether a credential is revoked or suspended, and what its issuer remarks.

Rules: only completed enrolments; signed by a named officer or director of the institution after a fresh sign-in;
above a batch size a second person confirms; each signer has a daily quota; a preview is neither signed nor clean.
Endorsement: another institution's signed word for an award or its institutions, which stands in what is conferred once
it was taken up. A unit's credential is what the programme's rests on: revoking it reaches that one.
Batch: a list of recipients to whom an award is issued, without their standing in the register, once each of its
institutions has signed the list;
issued credential: one of it, of which a light row is kept and the document made again when it is asked for.
States of a credential: awaiting signatures, issued, suspended, revoked, superseded. What the paper says may be
erased, the award's number, issuer, date, status and digest stay, so that the holder's own file still verifies.
"""
