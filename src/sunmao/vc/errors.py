"""The one kind of refusal this library raises."""

from typing import Any


class VcError(ValueError):
    """A document, key or proof is refused. ``code`` names the reason, ``params`` fills its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    def __str__(self) -> str:
        from sunmao.vc.sentences import english

        return english(self.code, self.params)


class CannotCheck(VcError):
    """Nothing is known to be wrong, but something needed for the check is missing."""
