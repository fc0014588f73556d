"""Awards, endorsements, conferrals, credentials, batches, status lists."""

from sunmao.credentials.models.award import FORMAL, Award, AwardIssuer, AwardKind, Conferral, ConferralState, Signing
from sunmao.credentials.models.batch import Batch, BatchSigning, BatchState, Issued
from sunmao.credentials.models.credential import HELD, REVOKED, Credential, CredentialState, Remark, StatusList
from sunmao.credentials.models.crosswalk import CrosswalkCredential, CrosswalkSigning
from sunmao.credentials.models.endorsement import STANDING, Endorsement, EndorsementState
from sunmao.credentials.models.evidence import AwardEvidence

__all__ = [
    "FORMAL", "HELD", "REVOKED", "STANDING", "Award", "AwardEvidence", "AwardIssuer", "AwardKind", "Batch",
    "BatchSigning", "BatchState", "Conferral", "ConferralState", "Credential", "CredentialState", "CrosswalkCredential", "CrosswalkSigning", "Endorsement",
    "EndorsementState", "Issued", "Remark", "Signing", "StatusList",
]  # fmt: skip
