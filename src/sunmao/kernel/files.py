"""Files by their content hash, outside the web root, handed out only through a record that shows them."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.models import StoredFile

LIMIT = 50 * 1024 * 1024
SAFE_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})


def _path(sha256: str) -> Path:
    return Path(settings.SUNMAO_HOME) / "files" / sha256[:2] / sha256


def store(source: BinaryIO, name: str, *, by: Any, limit: int = LIMIT) -> StoredFile:
    """Keep a file and return its record; ValidationError where it is larger than `limit` bytes."""
    digest, size = hashlib.sha256(), 0
    temporary = Path(settings.SUNMAO_HOME) / "files" / f".{os.getpid()}-{os.urandom(8).hex()}"
    temporary.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as out:
            while block := source.read(1 << 20):
                size += len(block)
                if size > limit:
                    raise ValidationError(
                        _("“%(name)s” is larger than %(limit)s MB. Make it smaller or split it.")
                        % {"name": name, "limit": limit >> 20}
                    )
                digest.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        target = _path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return changes.save(
        StoredFile(sha256=digest.hexdigest(), name=Path(name).name[:255], media_type=kind, size=size), by=by
    )


def discard(file: StoredFile, *, by: Any, why: str) -> None:
    """Remove a file's bytes and keep its name and hash, as for a sheet of persons once it is read. Bytes that another
    file's record shares stay until that one is discarded, too."""
    file.removed_on = clock.today()
    with changes.together():
        changes.save(file, by=by, why=why, deed="discard")
        if not StoredFile.objects.filter(sha256=file.sha256, removed_on=None).exists():
            transaction.on_commit(lambda: _path(file.sha256).unlink(missing_ok=True))


def forget(file: StoredFile, *, by: Any, why: str) -> None:
    """Remove a file's bytes and its name, which may be a person's; the caller erases what the log holds of it."""
    file.name = "—"
    discard(file, by=by, why=why)


def read(file: StoredFile) -> bytes:
    """Return a stored file's bytes; they are checked against the hash they are kept under."""
    data = _path(file.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise ValidationError(_("The stored file no longer fits its hash."))
    return data


def respond(file: StoredFile) -> FileResponse:
    """Return the file as an attachment: never shown inline, never sniffed."""
    response = FileResponse(_path(file.sha256).open("rb"), as_attachment=True, filename=file.name)
    response["Content-Type"] = file.media_type if file.media_type in SAFE_INLINE else "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
