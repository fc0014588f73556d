"""Model fields for dates as precise as known and for texts in several languages."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.text import STATES, Texts, steers
from sunmao.kernel.when import When

STEERS = _("It holds a character that cannot be seen and steers how the text is shown. Write it without that one.")


class Named(str):
    """A stored code that shows its label: `label` is the word for people, the string itself the code."""

    label: Any

    def __new__(cls, value: str, label: Any) -> Self:
        made = super().__new__(cls, value)
        made.label = label
        return made


if TYPE_CHECKING:
    _WhenColumn = models.CharField[When | date | str | None, When | None]
else:
    _WhenColumn = models.CharField


class WhenField(_WhenColumn):
    """Holds a `When` in one sortable column. Lookups: `opened__surely_by=day`, `opened__possibly_by=day`,
    `opened__earliest__gte=...`, `opened__latest__lt=...` (ISO day texts)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 160)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> When | None:
        return When.restore(value) if value else None

    def to_python(self, value: Any) -> When | None:
        if value in (None, ""):
            return None
        if isinstance(value, When):
            return value
        if isinstance(value, date):
            return When.on(value)
        try:
            return When.restore(value) if value.count("/") >= 3 else When.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str:
        found = self.to_python(value)
        return found.store() if found else ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if value is None and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def pre_save(self, model_instance: models.Model, add: bool) -> When | None:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


@WhenField.register_lookup
class Earliest(models.Transform):
    lookup_name = "earliest"
    output_field = models.CharField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.lhs)
        return f"SUBSTR({sql}, 1, 10)", list(params)


@WhenField.register_lookup
class Latest(models.Transform):
    lookup_name = "latest"
    output_field = models.CharField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.lhs)
        return f"SUBSTR({sql}, 12, 10)", list(params)


class _By(models.Lookup):
    transform: type[models.Transform]

    def get_prep_lookup(self) -> str:
        return self.rhs.isoformat() if isinstance(self.rhs, date) else str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        start = 1 if self.transform is Earliest else 12
        sql = f"({column} <> '' AND SUBSTR({column}, {start}, 10) <= %s)"
        return sql, [*params, *params, self.rhs]


@WhenField.register_lookup
class SurelyBy(_By):
    lookup_name = "surely_by"
    transform = Latest


@WhenField.register_lookup
class PossiblyBy(_By):
    lookup_name = "possibly_by"
    transform = Earliest


class TextsField(models.JSONField):
    """Holds `Texts`. `required` languages are not asked for here: any one language will do. `long` asks for it
    in several lines."""

    def __init__(self, *args: Any, long: bool = False, **kwargs: Any) -> None:
        self.long = long
        kwargs.setdefault("default", Texts)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Texts:
        return Texts.kept(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Texts:
        return Texts.of(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Texts:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        for entry in value.values():
            if entry["state"] not in STATES:
                raise ValidationError("A text is draft, machine or accepted.")


class StateField(models.CharField):
    """A state out of a `TextChoices` class; the class may say each value's tone in `tones`."""

    def __init__(self, states: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        self.state_class = states
        if states is not None:
            kwargs.setdefault("choices", states.choices)
            kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)


def refuse_steering(record: models.Model) -> None:
    """Raise ValidationError by field where a text of one line holds a control character (`steers`). Columns that are
    computed from others are left to those."""
    found = {}
    for field in record._meta.concrete_fields:
        if field.editable if isinstance(field, models.CharField) else isinstance(field, TextsField) and not field.long:
            value = field.value_from_object(record)
            if steers(value if isinstance(field, TextsField) else field.get_prep_value(value)):
                found[field.name] = STEERS
    if found:
        raise ValidationError(found)
