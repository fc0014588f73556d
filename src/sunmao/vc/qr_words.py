"""What most credentials say, as the code's compression knows it beforehand (preset dictionary, RFC 1950 section 2.2).

Codes are printed on paper: this text never changes. Another one would get another prefix.
"""

_OFTEN = (
    '"name":"Endorsement","endorsement":[{"type":["VerifiableCredential","EndorsementCredential"],'
    '"credentialSubject":{"type":["EndorsementSubject"],"endorsementComment":"',
    "Свидетельство об обучении Диплом формального образования Не относится к формальному образованию "
    "профессионально-технический институт колледж государственный университет Республики ",
    "培训证书。结业证书。学历文凭。职业技能等级证书。不属于学历教育。职业技术学院大学",
    "Training certificate. Certificate of completion. Diploma of formal education. Occupational skill level certificate. "
    "It belongs to formal education. It does not belong to formal education. Vocational Technical College University ",
    '"description":"Demonstration: this credential proves nothing.",',
    '"issuer":{"id":"did:web:","type":["Profile"],"name":"","url":"https://www.","address":{"type":["Address"],'
    '"addressCountryCode":"CN"},"otherIdentifier":[{"type":"IdentifierEntry","identifier":"https://ror.org/",'
    '"identifierType":"ext:ror"},{"type":"IdentifierEntry","identifierType":"ext:moe"}]},"nameIn":{"zh":"","ru":"","en":"',
    '"identifier":[{"type":"IdentityObject","identityType":"name","hashed":false,"identityHash":"',
    '"}],"licenseNumber":"","activityStartDate":"202-01-01T12:00:00Z","activityEndDate":"',
    '"achievement":{"id":"https://","type":["Achievement"],"achievementType":"Certificate","description":"","descriptionIn":{'
    '"zh":"","ru":"","en":""},"criteria":{"narrative":"","humanCode":"AWD-000","fieldOfStudy":"","version":"202",'
    '"creditsAvailable":60.0,"creator":{"id":"did:web:',
    '"resultDescription":[{"id":"urn:uuid:019a","type":["ResultDescription"],"name":"","resultType":"Result","alignment":[{'
    '"type":["Alignment"],"targetName":"","targetUrl":"urn:uuid:019a","targetCode":"1.","targetFramework":"',
    '"}]}],"alignment":[{"type":["Alignment"],"targetName":"","targetUrl":"urn:uuid:',
    '"result":[{"type":["Result"],"resultDescription":"urn:uuid:019a","value":"excellent","value":"good","value":'
    '"satisfactory","value":"pass","status":"Completed"},{"type":["Result"],"resultDescription":"urn:uuid:',
    '"credentialStatus":[{"id":"https://status/ORG-0000/1/revocation#","type":"BitstringStatusListEntry","statusPurpose":'
    '"revocation","statusListIndex":"","statusListCredential":"https:///1/revocation"},{"id":"https:///1/suspension#",'
    '"statusPurpose":"suspension","/1/suspension"},{"statusPurpose":"message","/1/message","statusSize":2,"statusMessage":[{'
    '"status":"0x0","message":"nothing to tell"},{"status":"0x1","message":"under review"},{"status":"0x2","message":'
    '"details corrected"},{"status":"0x3","message":"reissued"}]}],"jointIssuer":[{"id":"did:web:',
    '"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"202-01-01T00:00:00Z",'
    '"verificationMethod":"did:web::did:ORG-0000#z6Mk","proofPurpose":"assertionMethod","proofValue":"z"}]}',
    '{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",{'
    '"nameIn":{"@id":"https://schema.org/name","@container":"@language"},"descriptionIn":{"@id":'
    '"https://schema.org/description","@container":"@language"},"jointIssuer":{"@id":'
    '"http://purl.org/dc/terms/contributor","@container":"@set"}}],"id":"urn:uuid:019a","type":["VerifiableCredential",'
    '"OpenBadgeCredential"],"issuer":{"id":"did:web:","validFrom":"202-01-01T00:00:00Z","validUntil":"202-01-01T23:59:59Z",'
    '"awardedDate":"202-01-01T00:00:00Z","credentialSubject":{"type":["AchievementSubject"],',
)
WORDS = "".join(_OFTEN).encode()
