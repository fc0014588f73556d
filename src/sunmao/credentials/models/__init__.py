"""Awards, conferrals, credentials, status lists."""

from sunmao.credentials.models.award import FORMAL, Award, AwardIssuer, AwardKind, Conferral, ConferralState, Signing
from sunmao.credentials.models.credential import HELD, REVOKED, Credential, CredentialState, StatusList

__all__ = [
    "FORMAL", "HELD", "REVOKED", "Award", "AwardIssuer", "AwardKind", "Conferral", "ConferralState", "Credential",
    "CredentialState", "Signing", "StatusList",
]  # fmt: skip
