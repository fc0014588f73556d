"""`sunmao setup`: makes or brings up to date the database and the translations; keeps what is there."""

from __future__ import annotations

import argparse


def main(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sunmao setup", description=__doc__).parse_args(argv)
    prepare()
    return 0


def prepare() -> None:
    """Do what is not done yet, saying what; nothing to do takes a fraction of a second and says nothing."""
    from django.conf import settings
    from django.core.management import call_command

    from sunmao.site.catalogues import compile_all

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    compiled = compile_all()
    if compiled:
        print(f"Translations: {compiled} catalogues compiled", flush=True)
    steps = steps_left()
    if steps:
        print(f"Database: {steps} steps to do", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)


def steps_left() -> int:
    """Return how many migrations are still to be applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
