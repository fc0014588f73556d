"""A transcript with all that a record here can say, and the official ELMO schema made whole for a machine that fetches
nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from sunmao.vc.transcripts import view

COLLEGE = view.Institution(
    {"en": "Transport College", "zh": "交通学院"}, "CN", [("did", "did:web:college.example"), ("ror", "0abc")],
    "https://college.example/",
)  # fmt: skip
HOST = view.Institution({"en": "Host <University> & Co", "uz": "Universitet"}, "UZ", [("did", "did:web:host.example")])
_SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="%s">%s</xs:schema>'


def result(title: str, grade: str, status: str) -> view.Achievement:
    return view.Achievement(
        {"en": title, "zh": "铣削"}, view.ASSESSMENT, identifiers=[("outcome", f"urn:x:{title}")],
        awarded_by=[COLLEGE, HOST], awarded_on="2025-07-01", status=status, grade={"en": grade} if grade else {},
        grading={"en": "0 to 100"},
    )  # fmt: skip


def whole() -> view.Transcript:
    held = view.Achievement(
        {"en": "Mechatronics", "zh": "机电一体化", "ru": "Мехатроника"}, view.QUALIFICATION, {"en": "Diploma."},
        [("credential", "7QK4-M2XD"), ("award", "AWD-00001")], [COLLEGE, HOST], "2024-01-01", "2025-06-01", "2025-07-01",
        view.PASSED, credits=[view.Credit("ECTS", "120"), view.Credit("credits of CN", "140.5")],
        levels=[view.Level("EQF", "5"), view.Level("Framework of somewhere", "5", {"en": "Level 5"})], fields=["0714"],
        languages=["zh"], hours="1200",
        outcomes=[view.Outcome({"en": "mills", "zh": "铣"}, [view.Related({"en": "milling"}, "urn:uuid:1")])],
        parts=[result("mills", "85", "passed"), result("turns", "", "failed")],
    )  # fmt: skip
    return view.Transcript(
        view.ELM, view.Holder("Alice “A” (艾丽丝)"), COLLEGE, [held], id="urn:uuid:00000000-0000-4000-8000-000000000001",
        number="7QK4-M2XD", title=held.title, description={"en": "unsigned copy", "ru": "копия"},
        valid_from="2025-07-01T00:00:00Z", valid_until="2030-06-30T23:59:59Z",
    )  # fmt: skip


def elmo_schema(shared: Path, folder: Path) -> Any:
    """Return the schema of ELMO; of what it imports from elsewhere the two parts nothing here uses are left open."""
    home = shared / "formats" / "elmo"
    text = (home / "schema.xsd").read_text(encoding="utf-8")
    text = text.replace("http://www.w3.org/2001/03/xml.xsd", "xml.xsd")
    address = re.search(r'namespace="([^"]*)" schemaLocation="[^"]*stable-v1/schema.xsd"', text)
    assert address
    text = re.sub(r'schemaLocation="[^"]*/stable-v1/schema.xsd"', 'schemaLocation="address.xsd"', text)
    text = re.sub(r'schemaLocation="[^"]*/references/([^"]*)"', r'schemaLocation="\1"', text)
    lang = '<xs:attribute name="lang" type="xs:language"/>'
    files = {"schema.xsd": text, "xml.xsd": _SCHEMA % ("http://www.w3.org/XML/1998/namespace", lang)}
    files["address.xsd"] = _SCHEMA % (address[1], '<xs:complexType name="FlexibleAddress"/>')
    for name in ("xmldsig-core-schema.xsd", "EUROPASS_ISOCountries_V1.1.xsd"):
        held = (home / f"references__{name}").read_text(encoding="utf-8")
        files[name] = re.sub(r"<!DOCTYPE.*?\]>", "", held, flags=re.DOTALL)
    for name, held in files.items():
        (folder / name).write_text(held, encoding="utf-8")
    return etree.XMLSchema(etree.parse(folder / "schema.xsd", etree.XMLParser(no_network=True)))
