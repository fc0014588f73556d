"""What the kernel keeps: records' common columns, the log of changes, files by their hash, the search index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.fields import refuse_steering
from sunmao.kernel.ids import uuid7
from sunmao.kernel.text import Texts


def home_register() -> str:
    return str(settings.SUNMAO_REGISTER)


class WrongDoor(RuntimeError):
    """Raised where code writes a record past `changes`, where nothing would be logged."""


class RecordSet(models.QuerySet[Any]):
    """Rows of a record; writing goes through `changes` only."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrongDoor("Write records through sunmao.kernel.changes, so that the log knows of it.")

    update = delete = bulk_create = bulk_update = create = get_or_create = update_or_create = _refuse


class Record(models.Model):
    """A row that people know. `code` is what they call it by, `uid` what other systems do."""

    CODE: ClassVar[str] = ""  # prefix of the human code; without one a record goes by its uid
    CODE_ONCE: ClassVar[bool] = True  # False where rows are wordings, earlier and present, of what one code names
    LOGGED_OUT: ClassVar[frozenset[str]] = frozenset()  # derived columns that the log leaves out

    uid = models.UUIDField(_("identifier"), default=uuid7, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, blank=True, editable=False, db_index=True)
    register = models.CharField(_("home register"), max_length=40, editable=False, default=home_register)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("recorded"), editable=False)
    updated_at = models.DateTimeField(_("last changed"), editable=False)

    objects = RecordSet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Collection[str], values: Collection[Any], **_more: Any) -> Self:
        """Return the record of a row just read. Django goes through every column of the model, read or not, and calls
        two signals that nobody here listens to: with 50 rows on a page that is felt."""
        new = cls.__new__(cls)
        new.__dict__.update(zip(field_names, values, strict=True))
        state = new._state = ModelState()
        state.adding, state.db = False, db
        return new

    @property
    def key(self) -> str:
        """Return what stands in addresses: the code, else the identifier."""
        return self.code or str(self.uid)

    @classmethod
    def find(cls, rows: models.QuerySet[Self], key: str) -> Self:
        """Return the row of `rows` under a code or identifier, else raise DoesNotExist."""
        try:
            return rows.get(code=key) if cls.CODE and key.startswith(cls.CODE) else rows.get(uid=key)
        except (ValueError, models.ObjectDoesNotExist, TypeError) as error:
            raise cls.DoesNotExist(key) from error
        except Exception as error:  # a malformed UUID raises ValidationError
            raise cls.DoesNotExist(key) from error

    def prepare(self) -> None:
        """Compute derived columns; called by the door before validation."""

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude=exclude)
        refuse_steering(self)

    def title_texts(self) -> Texts:
        """Return the names of the record by language; the first TextsField called title or name."""
        for name in ("title", "name"):
            value = getattr(self, name, None)
            if isinstance(value, Texts) and value:
                return value
        return Texts.of({"und": self.key})

    def __str__(self) -> str:
        return str(self.title_texts()) or self.key

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrongDoor("Write records through sunmao.kernel.changes.save.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrongDoor("Write records through sunmao.kernel.changes.delete.")


class Counter(models.Model):
    """The last number given out under a code's prefix."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)


class Change(models.Model):
    """One entry of the log. It outlives its record, so it names it by text. Only ever appended to.

    `commitments` holds per field HMAC-SHA-256 of the value before and after under the field's own salt;
    values and salts lie in ChangeValues, where they can be erased without breaking the log.
    """

    uid = models.UUIDField(default=uuid7, unique=True)
    position = models.PositiveBigIntegerField(null=True, unique=True)  # given by the sealer
    leaf = models.CharField(max_length=64, blank=True)  # SHA-256 of the entry as sealed (RFC 6962 leaf hash)
    group = models.UUIDField(db_index=True)  # changes of one deed share it
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    actor_key = models.CharField(max_length=64, blank=True, db_index=True)
    deed = models.CharField(max_length=60)
    kind = models.CharField(max_length=80)  # app_label.model
    record = models.CharField(max_length=36, db_index=True)  # uid of the record, blank for a batch
    title = models.CharField(max_length=60, blank=True)  # code of the record
    why = models.TextField(blank=True)
    commitments = models.JSONField(default=dict)
    state = models.CharField(max_length=96, blank=True)  # of the whole record after the change: `changes.stand_for`
    file_sha256 = models.CharField(max_length=64, blank=True)
    row_count = models.PositiveIntegerField(default=1)
    leaves_root = models.CharField(max_length=64, blank=True)  # Merkle root over the rows of a batch

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("kind", "record"), name="change_of_record"),)


class ChangeValues(models.Model):
    """The values behind a change: {field: {salt, before, after}} and the salt of the whole state. Erasable."""

    change = models.OneToOneField(Change, on_delete=models.CASCADE, primary_key=True, related_name="values_held")
    values = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)


class Leaf(models.Model):
    """One row of a bulk change: which record, and what stands for its whole state under its own salt."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=80)
    record = models.UUIDField(db_index=True)
    salt = models.CharField(max_length=32)
    state = models.CharField(max_length=96)


class Checkpoint(models.Model):
    """The log's size and Merkle root at an instant, signed by the register."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    peaks = models.JSONField()  # what the tree goes on from
    signature = models.CharField(max_length=120)


class Witnessed(models.Model):
    """A root that someone outside the register kept, entered and signed by the register at an instant."""

    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    who = models.CharField(max_length=200)
    at = models.DateTimeField()
    signature = models.CharField(max_length=120)


class StoredFile(Record):
    """A file kept by its content hash outside the web root, fetched only through a record that shows it."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    removed_on = models.DateField(null=True, blank=True)  # its bytes are gone on purpose; name and hash stay

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """What can be found of one record: its texts as tokens. Written by the door."""

    desk = models.CharField(max_length=60)
    record = models.PositiveBigIntegerField()
    label = models.TextField()
    tokens = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("desk", "record"), name="search_entry_once"),)


class SavedMapping(Record):
    """A person's way of reading a sheet: which of its columns is which of ours."""

    CODE = "MAP-"
    owner = models.CharField(max_length=64)
    desk = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    columns = models.JSONField(_("columns"))

    class Meta(Record.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("owner", "desk", "name"), name="mapping_once"),)

    def __str__(self) -> str:
        return self.name


class ImportRun(Record):
    """One sheet on its way into a desk: its file, how it is read, what the check found, what became of it."""

    CODE = "IMP-"

    class State(models.TextChoices):
        MAPPING = "mapping", _("to be mapped")
        CHECKED = "checked", _("checked")
        DONE = "done", _("done")

    owner = models.CharField(max_length=64)
    desk = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.MAPPING)
    found = models.JSONField(default=dict, blank=True)  # counts and bad cells of the last check
    group = models.UUIDField(null=True, blank=True)  # the changes it wrote

    def __str__(self) -> str:
        return self.file.name


class SavedView(Record):
    """A list with its filters under a name: mine, or shared with everyone who may see the list."""

    CODE = "VIEW-"
    owner = models.CharField(max_length=64)
    desk = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000)
    shared = models.BooleanField(_("shared"), default=False)

    def __str__(self) -> str:
        return self.name
