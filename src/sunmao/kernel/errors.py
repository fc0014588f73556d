"""Errors people meet, in one shape: {"error": {"code", "message", "fields"}}."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm


class NotAllowed(Exception):
    """The person sees the record but may not do this to it. `need` says what would be needed."""

    def __init__(self, need: str = "") -> None:
        self.need = need
        super().__init__(need)


def shape(error: ValidationError | str, code: str = "invalid") -> dict[str, Any]:
    """Return the one error shape for a validation error or a sentence."""
    if isinstance(error, str):
        return {"error": {"code": code, "message": error, "fields": {}}}
    fields: dict[str, list[str]] = {}
    if hasattr(error, "error_dict"):
        fields = {name: [str(m) for e in errors for m in e.messages] for name, errors in error.error_dict.items()}
    messages = error.messages
    return {
        "error": {
            "code": getattr(error, "code", None) or code,
            "message": " ".join(messages),
            "fields": fields,
        }
    }


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Put a refusal's messages at the fields they name, else at the top of the form."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            for item in errors:
                form.add_error(name if name in form.fields else None, item)
    else:
        form.add_error(None, error)
