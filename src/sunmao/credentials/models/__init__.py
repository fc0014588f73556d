"""Awards, endorsements, conferrals, credentials, status lists."""

from sunmao.credentials.models.award import FORMAL, Award, AwardIssuer, AwardKind, Conferral, ConferralState, Signing
from sunmao.credentials.models.credential import HELD, REVOKED, Credential, CredentialState, Remark, StatusList
from sunmao.credentials.models.endorsement import STANDING, Endorsement, EndorsementState

__all__ = [
    "FORMAL", "HELD", "REVOKED", "STANDING", "Award", "AwardIssuer", "AwardKind", "Conferral", "ConferralState",
    "Credential", "CredentialState", "Endorsement", "EndorsementState", "Remark", "Signing", "StatusList",
]  # fmt: skip
