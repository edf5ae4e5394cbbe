"""The command: `mixlaw …` and `python -m mixlaw …` pass straight through to it."""

from __future__ import annotations

import os
import subprocess
import sys

from ._errors import NodeNotFoundError
from ._node import command_words


def main() -> int:
    """Run the command in place of this process, where the system can."""
    try:
        words = [*command_words(), *sys.argv[1:]]
    except NodeNotFoundError as error:
        sys.stderr.write(f"mixlaw: {error}\n")
        return 1
    if os.name != "nt":
        os.execv(words[0], words)  # noqa: S606
    process = subprocess.Popen(words)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # it has it too, and ends when it is done


if __name__ == "__main__":
    raise SystemExit(main())
