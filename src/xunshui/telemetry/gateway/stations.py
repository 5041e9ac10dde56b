"""The listener for stations that call in a binary protocol: what they send is kept, and only then confirmed.

One port speaks one protocol; what differs between protocols stands in its `Tongue`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from xunshui.telemetry.binary import Piece
from xunshui.telemetry.gateway.calls import Caller, Connection, Listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.heard import Heard, Tongue
from xunshui.telemetry.sample import Arrival

MOST_REMARKS = 40


@dataclass(slots=True)
class Station(Caller):
    """One station."""

    remarks: dict[str, str] = field(default_factory=dict)
    """What its frames bore and no reading tells, each with its last form."""

    def remark(self, remarks: Iterable[tuple[str, str]]) -> None:
        """Remember the last form of each, of many the first."""
        for name, form in remarks:
            if name in self.remarks or len(self.remarks) < MOST_REMARKS:
                self.remarks[name] = form


class StationListener(Listener[Station]):
    """All connections of one port."""

    def __init__(self, tongue: Tongue, committer: Committer) -> None:
        """Take the protocol that is spoken here and the committer that keeps what comes."""
        super().__init__(committer, Station)
        self.tongue = tongue

    def connection(self) -> StationConnection:
        """Return a connection that nobody calls over yet."""
        return StationConnection(self)


class StationConnection(Connection[Piece, Station]):
    """One connection: of a station, or of a device that passes on what several say."""

    def __init__(self, listener: StationListener) -> None:
        """Take the listener it belongs to."""
        super().__init__(listener, listener.tongue.framer())
        self._tongue = listener.tongue

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            now_ns = time.time_ns()
            heard = None if piece.reason else self._tongue.hear(piece.raw, now_ns // 1000)
            if heard is None or heard.reason:
                self._refuse(piece.raw, heard.reason if heard else piece.reason, self._only_station())
            else:
                self._keep(piece.raw, heard, now_ns)

    def _keep(self, raw: bytes, heard: Heard, now_ns: int) -> None:
        self._note(heard.device, now_ns).remark(heard.remarks)
        arrival = Arrival(self._tongue.protocol, heard.device, now_ns // 1000, raw, heard.samples, heard.key)
        self._listener.committer.add(arrival, partial(self.send, heard.answer))

    def _only_station(self) -> str:
        """Return who speaks over this connection; empty where that is more than one, or nobody yet."""
        return next(iter(self._devices)) if len(self._devices) == 1 else ""
