"""What a disk holds if the power goes: a traced process's writes, of which only those that were synced are sure.

`strace` tells every write, sync and answer in order. A file has its synced content, and what was written since may be
there, may not, and may be half there: any of its sectors. A new file is there once its folder was synced. Below the
files' own folder nothing is followed, and the disk itself is believed when it says that it has synced.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TRACED = "openat,pwrite64,write,ftruncate,unlink,fsync,fdatasync,sendto"
SECTOR = 512
_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$")
_HANDLE = re.compile(r'^\d+<([^>]*)>(?:, "([^"]*)"(?:\.\.\.)?, (\d+)(?:, (\d+))?)?')
_CREATED = re.compile(r'^AT_FDCWD[^,]*, "([^"]*)", [^,]*O_CREAT')


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes that were not synced yet: place and bytes, or the length and None where it was cut."""


class Disk:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing."""
        self._folder = folder
        self._files: dict[str, _File] = {}
        self._named: set[str] = set()
        """Files whose name is on disk."""

    def take(self, call: str, words: str) -> bytes:
        """Take a system call; return what was sent, where it is an answer to somebody."""
        if call in ("openat", "unlink"):
            self._take_name(call, words)
            return b""
        found = _HANDLE.match(words)
        if found is None:
            return b""
        name, data = _bytes(found[1]).decode("utf-8", "replace"), _bytes(found[2] or "")
        if call == "sendto":
            return data
        if name == str(self._folder) and call in ("fsync", "fdatasync"):
            self._named.update(self._files)
        elif Path(name).parent == self._folder and Path(name).name in self._files:
            self._take_of_file(self._files[Path(name).name], call, words, data, int(found[4] or 0))
        return b""

    def write(self, into: Path, chance: random.Random | None) -> None:
        """Write what is left after the power has gone: what was synced, and with `chance` some of the rest."""
        into.mkdir()
        for name in self._named & set(self._files):
            (into / name).write_bytes(_left(self._files[name], chance))

    def synced_bytes(self, name: str) -> int:
        """Return how much of a file is sure to be there."""
        return len(self._files[name].synced)

    def _take_name(self, call: str, words: str) -> None:
        if call == "openat" and (created := _CREATED.match(words)):
            path = Path(_bytes(created[1]).decode())
            if path.parent == self._folder and not path.name.endswith("-shm"):
                self._files.setdefault(path.name, _File())
        elif call == "unlink" and (gone := re.match(r'^"([^"]*)"', words)):
            path = Path(_bytes(gone[1]).decode())
            if path.parent == self._folder:
                self._files.pop(path.name, None)
                self._named.discard(path.name)

    def _take_of_file(self, file: _File, call: str, words: str, data: bytes, place: int) -> None:
        if call == "pwrite64":
            file.since.append((place, data))
        elif call == "write":
            file.since.append((len(_left(file, None, whole=True)), data))
        elif call == "ftruncate" and (cut := re.match(r"^\d+<[^>]*>, (\d+)", words)):
            file.since.append((int(cut[1]), None))
        elif call in ("fsync", "fdatasync"):
            file.synced = bytearray(_left(file, None, whole=True))
            file.since.clear()


def calls(trace: Path) -> Iterator[tuple[str, str]]:
    """Yield every call that succeeded, at the moment when it ended; a write when it began, if that is sooner."""
    begun: dict[str, str] = {}
    for line in trace.read_text("latin-1").splitlines():
        if found := _CALL.match(line):
            thread, call, words = found.groups()
            if words.endswith("<unfinished ...>"):
                begun[thread] = words.removesuffix("<unfinished ...>")
                continue
        elif found := _RESUMED.match(line):
            thread, call, rest = found.groups()
            words = begun.pop(thread, "") + rest
        else:
            continue
        if " = -1 " not in words[-80:]:
            yield call, words


def _left(file: _File, chance: random.Random | None, *, whole: bool = False) -> bytes:
    content = bytearray(file.synced)
    for place, data in file.since:
        if data is None:
            if whole or (chance is not None and chance.random() < 0.5):
                del content[place:]
            continue
        for start in range(0, len(data), SECTOR):
            if whole or (chance is not None and chance.random() < 0.5):
                _put(content, place + start, data[start : start + SECTOR])
    return bytes(content)


def _put(content: bytearray, place: int, data: bytes) -> None:
    if place > len(content):
        content.extend(bytes(place - len(content)))
    content[place : place + len(data)] = data


def _bytes(escaped: str) -> bytes:
    """Return what strace wrote as \\x.. for every byte."""
    return bytes.fromhex(escaped.replace("\\x", ""))
