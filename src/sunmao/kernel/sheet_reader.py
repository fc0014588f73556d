"""The child process that reads a sheet: path in, columns as JSON out; refusals on the error stream."""

import json
import sys
from pathlib import Path

from sunmao.kernel.sheets import Unreadable, parse
from sunmao.kernel.text import N_


def main() -> int:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        (columns, numbers), encoding, delimiter = parse(source)
    except Unreadable as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    except MemoryError:
        print("refused:", N_("It needs more memory than a sheet may take."), file=sys.stderr)
        return 1
    held = {"columns": columns, "numbers": numbers, "encoding": encoding, "delimiter": delimiter}
    target.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
