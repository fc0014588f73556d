"""People: persons, their accounts, and the roles they hold at organisations.

Person: a human being as named on documents; may have no account. User: an account that signs in; the actor in
the log. Membership: a person holds a role at an organisation for a time. Roles: officer (international office),
director (of a workshop), teacher, secretariat (of an alliance or of the register), authority (decides on
recognition), auditor (reads everything, writes nothing), learner. Whoever has no role is a stranger; who has not
signed in is a visitor.
"""
