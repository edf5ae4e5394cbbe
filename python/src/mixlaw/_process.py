"""Runs the command: progress and Ctrl-C are passed on, and no process is left behind."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any, NamedTuple

from ._node import hosted_words
from ._progress import Display, OnProgress, Progress, display_for

INTERRUPTED = 130


class Completed(NamedTuple):
    """What the command left when it ended."""

    code: int
    """Its exit code; INTERRUPTED after Ctrl-C."""
    output: str
    """What it printed."""
    messages: list[str]
    """What it told on stderr, in sentences."""


def run(words: list[str], progress: OnProgress = False) -> Completed:
    """Run the command with some arguments."""
    with tempfile.TemporaryFile() as output:
        process = _start(words, output)
        display = display_for(progress)
        messages: list[str] = []
        lines = _lines_of(process)
        interrupted = False
        try:
            try:
                _follow(lines, display, messages)
            except KeyboardInterrupt:
                # The command ends with what it has found; a second Ctrl-C ends it at once.
                interrupted = True
                _interrupt(process)
                _follow(lines, display, messages)
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            _end(process)
            display.close()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return Completed(INTERRUPTED if interrupted else process.returncode, text, messages)


def _start(words: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the command in a group of its own, so that Ctrl-C reaches it once: from here."""
    groups: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        groups = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    return subprocess.Popen(
        [*hosted_words(), *words],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.PIPE,
        env={**environment, "NO_COLOR": "1"},
        **groups,
    )


def _lines_of(process: subprocess.Popen[bytes]) -> queue.Queue[bytes | None]:
    """Read stderr in a thread of its own: on some systems reading cannot be interrupted."""
    lines: queue.Queue[bytes | None] = queue.Queue()

    def read(pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, args=[process.stderr], daemon=True).start()
    return lines


def _follow(lines: queue.Queue[bytes | None], display: Display, messages: list[str]) -> None:
    """Pass progress on and keep messages, until the command has closed stderr."""
    while True:
        try:
            line = lines.get(timeout=0.5)  # a wait without an end hears no Ctrl-C on Windows
        except queue.Empty:
            continue
        if line is None:
            lines.put(None)  # for whoever asks again
            return
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        event = _event(text)
        if event is None:
            _keep(text, messages)
        elif "notice" in event:
            messages.append(str(event["notice"]))
        elif "fraction" in event:
            display.update(
                Progress(
                    law=str(event.get("law", "")),
                    stage=str(event.get("stage", "")),
                    fraction=float(event["fraction"]),
                    best=event.get("best"),
                )
            )


def _event(text: str) -> dict[str, Any] | None:
    """Read a line of `--progress json`; None for other lines."""
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _keep(text: str, messages: list[str]) -> None:
    """Keep what the command says. Lines that follow a sentence belong to it; drivers' do not."""
    speaker = "mixlaw: "
    if text.startswith(speaker):
        messages.append(text[len(speaker) :])
    elif text.startswith("  ") and messages:
        messages[-1] += "\n" + text


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        process.send_signal(signal.SIGINT)
    elif process.stdin is not None:
        with contextlib.suppress(OSError):  # it has ended
            process.stdin.write(b"stop\n")
            process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of the process. The thread that reads stderr closes it."""
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
