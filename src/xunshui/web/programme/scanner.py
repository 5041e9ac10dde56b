"""The virus scanner: clamd where one is configured; without one a file is usable and says that nobody scanned it."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from django.conf import settings

from xunshui.web.programme.models.application import FileState

CHUNK = 64 * 1024
PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """What became of a file in the scan."""

    state: FileState
    finding: str


def scan(content: bytes) -> ScanVerdict:
    """Return the verdict on a file; a scanner that does not answer leaves it in quarantine."""
    if not settings.CLAMD:
        return ScanVerdict(FileState.CLEAN, "未配置病毒扫描")
    try:
        answer = _ask_clamd(settings.CLAMD, content)
    except OSError as error:
        return ScanVerdict(FileState.QUARANTINED, f"病毒扫描没有应答（{error}），稍后重试")
    if answer.endswith("OK"):
        return ScanVerdict(FileState.CLEAN, "病毒扫描未见异常")
    if answer.endswith("FOUND"):
        return ScanVerdict(FileState.REJECTED, f"病毒扫描：{answer.removeprefix('stream: ')}")
    return ScanVerdict(FileState.QUARANTINED, f"病毒扫描出错：{answer}")


def _ask_clamd(address: str, content: bytes) -> str:
    """Send the content by clamd's INSTREAM command: chunks behind their length, a zero length at the end."""
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
        return _read_answer(connection)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE_S)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def _read_answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0"):
        piece = connection.recv(4096)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("utf-8", "replace")
