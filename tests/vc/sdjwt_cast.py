"""The holder, his reader, and what tests of SD-JWTs look for in a report."""

from sunmao.vc import elliptic

NAME, RESULT = ("credentialSubject", "identifier"), ("credentialSubject", "result")
HOLDER = elliptic.EllipticPrivateKey("P-256", bytes(range(3, 35)))
READER, QUESTION = "https://employer.example", "n-0S6_WzA2Mj"


def found(report, name: str) -> list[tuple[str, str]]:
    """Return state and reason of each check of a name."""
    return [(str(check.state), check.code) for check in report.checks if check.name == name]
