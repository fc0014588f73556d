"""Runs the trials' own processes as forks of one that has Django ready: a fork costs milliseconds, a start seconds.

It reads one JSON list a line, `[module, word, ...]`, calls `main(word, ...)` of that module in a fork, and says
`end CODE` when the fork has ended, however it did. It touches no database itself.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

TESTS_FOLDER = Path(__file__).parents[1]


def main() -> None:
    import django

    sys.path[:0] = [str(TESTS_FOLDER), *(str(TESTS_FOLDER / room) for room in ("agreements", "cohorts"))]
    django.setup()
    for line in sys.stdin:
        module, *words = json.loads(line)
        child = os.fork()
        if not child:
            _do(module, words)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"end {code}\n".encode())


def _do(module: str, words: list[str]) -> None:
    """Do one task and leave, past whatever this process would do at its own end."""
    from django.db import connections

    code = 1
    try:
        import_module(module).main(*words)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
