"""Questions and reported figures are public; officers and authorities write what they read, the secretariat keeps it."""

from sunmao.kernel.policy import Public


class FigurePolicy(Public):
    writers = ("officer", "authority")
    keepers = ("secretariat",)
