"""What goes wrong, as exceptions and warnings."""

from __future__ import annotations

from typing import Any


class MixlawError(Exception):
    """The command ended without a result: its message, in one line."""


class InputError(MixlawError, ValueError):
    """What was given cannot be used: a table, a column, a cell, an option.

    The message is the command's: it says where, what was expected, and what to do.
    """


class NodeNotFoundError(MixlawError):
    """No Node.js that can run the command."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. `partial` is what was found so far, where the command keeps it."""

    def __init__(self, partial: Any = None) -> None:
        """Keep `partial`: a Fit, an Optimum or a Validation that lacks something, or None."""
        super().__init__("interrupted")
        self.partial = partial


class MixlawWarning(UserWarning):
    """What the command warns of, such as points outside the range of the runs."""


class UnreliableWarning(MixlawWarning):
    """Something that was asked for is not to be relied on: `reliable` of the result is False."""
