"""Documents are public; those who keep the register's facts write them."""

from sunmao.kernel.policy import Public


class DocumentPolicy(Public):
    writers = ("officer", "director", "teacher", "authority")
    keepers = ("secretariat",)
