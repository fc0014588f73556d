"""The law of recognition as an answer set program, which shares no code with the core.

Given raw facts with days and instants as numbers, its best model holds the result of one qualification under
one instrument and the cheapest modules.
"""

LAW = """
now_known(I) :- fact(I,_,_,_,R,S), R <= now, now < S.
dead(I,D) :- fact(I,K,_,_,_,_), revoked(V,K,E,0), now_known(V), asked_day(D), E <= D.
dead(I,D) :- fact(I,K,_,_,_,_), revoked(V,K,_,1), now_known(V), asked_day(D).
holds(I,D) :- fact(I,_,F,U,_,_), now_known(I), asked_day(D), F <= D, D < U, not dead(I,D).
holds(I) :- holds(I,today).
asked_day(today). asked_day(applied).
asked_day(D) :- awarded(_,D).
asked_day(D) :- taught(_,_,D).

% instruments in scope, never chained
counted_day(C,I,today) :- cred(C), counts_date(I,decision).
counted_day(C,I,applied) :- cred(C), counts_date(I,application).
counted_day(C,I,D) :- awarded(C,D), counts_date(I,issue).
weak_basis(memorandum).
wrong_purpose(I) :- basis(I,institutional), not purpose(study).
wrong_purpose(I) :- basis(I,employer), not purpose(work).
wrong_purpose(I) :- instrument(I), purpose(P), not for(I,P).
wrong_field(I) :- limits_field(I), not field_ok(I).
scope(C,I) :- cred(C), now_known(C), instrument(I), from(C,H), home(I,H), not host_country(H),
    basis(I,B), not weak_basis(B), not wrong_purpose(I), not wrong_field(I),
    counted_day(C,I,D), holds(I,D).

% a credential's own standing
cancelled(C) :- says(C,fraud,_,R,S), R <= now, now < S.
cancelled(C) :- refuted(C).
said(C,D,G) :- says(C,T,D,R,S), R <= now, now < S, D <= today, gravity(T,G).
gravity(active,0). gravity(suspended,1). gravity(revoked,2). gravity(fraud,3).
outdone(C,D,G) :- said(C,D,G), said(C,D2,G2), (D2,G2) > (D,G).
stands_as(C,G) :- said(C,D,G), not outdone(C,D,G).
bad(C) :- cancelled(C).
bad(C) :- awarded(C,D), D > today.
bad(C) :- cred(C), not holds(C).
bad(C) :- stands_as(C,G), G >= 2.
open(C) :- stands_as(C,1).
open(C) :- unconfirmed(C).

accredited(C) :- accreditation(A,N), issuer(C,N), awarded(C,D), holds(A,D).
bad(C) :- cred(C), not accredited(C), issuer(C,N), accreditation(A,N), now_known(A).
open(C) :- cred(C), not accredited(C).
bad(C) :- permit(P,N,L,0), issuer(C,N), taught(C,L,D), holds(P,D).
allowed(C,L,D) :- permit(P,N,L,1), issuer(C,N), taught(C,L,D), holds(P,D).
open(C) :- taught(C,L,D), not allowed(C,L,D).

gives(C,V) :- right(R,P,V), programme(C,P), awarded(C,D), holds(R,D).
no_right(C) :- gives(C,0), not gives(C,1).
right_open(C) :- cred(C), not gives(C,1).
right_open(C) :- gives(C,0), gives(C,1).

gate_failed :- pick(C,_), bad(C).
gate_failed :- pick(C,_), no_right(C).
gate_open :- pick(C,_), open(C).
gate_open :- pick(C,_), right_open(C).

% evidence that counts
usable(C) :- pick(C,_), not bad(C).
in_reach(C) :- pick(_,I), scope(C,I).
in_reach(C) :- from(C,H), host_country(H), now_known(C).
usable(C) :- in_reach(C), not bad(C), not open(C).
usable(C) :- in_reach(C), not bad(C), best_case.
item(O) :- usable(C), shows_outcome(C,O).
item(O) :- prior(P,_), holds(P), prior_shows(P,O).
unit(U,Cr*N/M) :- usable(C), unit_of(C,U,Cr), pick(_,I), ratio(I,N,M), from(C,H), not host_country(H).
unit(U,Cr) :- usable(C), unit_of(C,U,Cr), from(C,H), host_country(H).
unit(P,Cr) :- prior(P,Cr), holds(P).
unit_shows(U,O) :- usable(C), unit_outcome(C,U,O).
unit_shows(P,O) :- prior(P,_), holds(P), prior_shows(P,O).
worth(U,X) :- unit(U,_), X = #max { Cr : unit(U,Cr) }.

% crosswalk rows, from source to target only
competent(A) :- competence(K,A,H,1), host_country(H), holds(K).
heard(A) :- competence(K,A,H,_), host_country(H), holds(K).
heard(A) :- competence(K,A,H,_), pick(C,_), from(C,H), holds(K).
accepted(A) :- heard(A), pick(_,I), not host_rows(I).
accepted(A) :- competent(A), pick(_,I), host_rows(I).
lacks(G) :- source(G,O), not item(O).
live(R,G,L,A) :- row(R,G,L,A), holds(R), accepted(A), not lacks(G).
differ(G) :- live(_,G,L1,_), live(_,G,L2,_), L1 < L2.
host_says(G,L) :- live(_,G,L,A), competent(A).
host_split(G) :- host_says(G,L1), host_says(G,L2), L1 < L2.
host_settles(G) :- differ(G), host_says(G,_), not host_split(G).
weighs(G,L) :- live(_,G,L,_), not differ(G).
weighs(G,L) :- host_says(G,L), host_settles(G).
weighs(G,L) :- live(_,G,L,_), differ(G), not host_settles(G).
covering(exact). covering(narrower). covering(close) :- pick(_,I), close_counts(I).
yes(G) :- weighs(G,L), covering(L).
no(G) :- weighs(G,L), not covering(L).
good(G) :- yes(G), not no(G).
good(G) :- yes(G), no(G), best_case.
covered(T) :- good(G), group_target(G,T).
covered(T) :- item(T), target_outcome(T).
leads(O,T) :- good(G), source(G,O), group_target(G,T).
leads(T,T) :- item(T), target_outcome(T).

% what an authority has shown, where the presumption asks it
convention :- pick(_,I), basis(I,convention).
shown(X) :- difference(K,X,A,any), holds(K), competent(A).
shown(X) :- difference(K,X,A,P), holds(K), competent(A), pick(C,_), programme(C,P).
presumed(X) :- convention, subject(X), not shown(X).

% measures, tolerated gaps and the one place where each unit is spent
{ mode(full); mode(modules); mode(ways); mode(lesser) } = 1.
{ take(M) : module(M,_,_,H), host_country(H), holds(M) } :- mode(modules).
:- take(M), restricted, not allowed_module(M).
have(T) :- covered(T), tree_outcome(T).
have(T) :- take(M), module_covers(M,T), tree_outcome(T).
{ waived(T) : tree_outcome(T), not critical(T) }.
:- waived(T), have(T).
:- pick(_,I), allowance(I,A), #count { T : waived(T), not presumed(T) } > A.
granted(T) :- have(T).
granted(T) :- waived(T).
granted(T) :- tree_outcome(T), presumed(T).

purse(U,X) :- worth(U,X).
purse(M,X) :- take(M), module(M,_,X,_), counts_for_target(M).
fits(U,B) :- unit_shows(U,O), leads(O,T), accepts(B,T).
fits(M,B) :- take(M), module_covers(M,T), accepts(B,T).
fits(U,B) :- purse(U,_), block(B,_,_), not accepts(B,_).
{ spend(U,B) : fits(U,B), block(B,_,"pool") } 1 :- purse(U,_).
spend(U,B) :- purse(U,_), fits(U,B), block(B,_,"").
met(B) :- block(B,L,_), pick(_,I), slack(I,P), #sum { X,U : spend(U,B), purse(U,X) } >= (L*(100-P)+99)/100.
met(B) :- block(B,_,_), presumed(B).
true(N) :- leaf(N,T), granted(T).
true(N) :- block_leaf(N,B), met(B).
true(N) :- node(N,K), #count { M : child(N,M), true(M) } >= K.
enough :- target_credits(L), pick(_,I), slack(I,P), #sum { X,U : purse(U,X) } >= (L*(100-P)+99)/100.
enough :- presumed("workload").
closed :- true(root), enough.

% level and profile
step(home,X) :- pick(C,_), level(C,F), referencing(R,F,X), holds(R).
step(host,X) :- target_level(F), referencing(R,F,X), holds(R).
same_framework :- pick(C,_), level(C,F), target_level(F).
vague :- not same_framework, not step(home,_).
vague :- not same_framework, not step(host,_).
vague :- not same_framework, step(S,X), step(S,Y), X < Y.
low_level :- vague, not convention, not best_case.
low_level :- vague, convention, shown("level").
low_level :- not vague, not same_framework, step(home,X), step(host,Y), pick(_,I), steps(I,N), Y-X > N,
    not presumed("level").
own(O) :- pick(C,_), shows_outcome(C,O).
beyond(G) :- source(G,O), not own(O).
partial(broader). partial(close) :- pick(_,I), not close_counts(I).
connected(T) :- own(T), target_outcome(T).
connected(T) :- good(G), group_target(G,T), not beyond(G).
connected(T) :- weighs(G,L), partial(L), group_target(G,T), not beyond(G).
like :- pick(_,I), profile_from(I,P), P > 0, #count { T : connected(T) } = N, N > 0, #count { T : target_outcome(T) } = M,
    N*100 >= P*M, not shown("profile").
other_field :- pick(C,_), not same_field(C), not like, not convention.
other_field :- pick(C,_), not same_field(C), not like, shown("profile").
other_field :- pick(C,_), not same_field(C), not like, not best_case.

% what it comes to
listed :- target_unit(U), not unit_gap(U).
unit_gap(U) :- target_unit_outcome(U,T), not covered(T).
listed :- not target_unit(_), covered(_).
offered :- pick(_,I), from_share(I,S), breadth(B), #count { T : covered(T), tree_outcome(T) } = N, N*100 >= S*B.
refused :- gate_failed.
refused :- gate_open, not best_case.
refused :- low_level, pick(_,I), below(I,refused), not institutional.
institutional :- pick(_,I), basis(I,institutional).
measured :- mode(modules). measured :- mode(ways).
:- mode(M), M != lesser, refused.
:- mode(M), M != lesser, institutional.
:- mode(full), not closed.
:- mode(full), low_level.
:- mode(full), other_field.
:- measured, not offered.
:- measured, low_level, pick(_,I), not below(I,conditional).
:- mode(modules), low_level.
:- mode(modules), other_field.
:- mode(modules), not closed.
:- mode(modules), pick(_,I), not measure(I,modules).
:- mode(ways), pick(_,I), not measure(I,adaptation), not measure(I,test).
satisfied_language(I) :- language(K,L), holds(K), asks_language(I,N), L >= N.
bound :- pick(_,I), asks_language(I,_), condition_for(I,P), purpose(P), P != licence, not satisfied_language(I).
rank(3) :- mode(full), not bound.
rank(2) :- mode(full), bound.
rank(2) :- measured.
rank(1) :- mode(lesser), listed, not refused.
rank(0) :- mode(lesser), not listed.
rank(0) :- mode(lesser), refused.
#maximize { R@2 : rank(R) }.
#minimize { X@1,M : take(M), module(M,X,_,_) }.
#show rank/1.
#show take/1.
"""
