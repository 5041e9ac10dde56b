"""Modbus over TLS with the framing of Modbus TCP, as Modbus/TCP Security wants it.

pymodbus' own client for TLS takes each piece that comes for a whole answer (3.16.1); this one puts pieces together.
"""

from __future__ import annotations

import ssl

from pymodbus import FramerType
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.transport import CommParams, CommType


class TlsClient(AsyncModbusTcpClient):
    """One connection; it does not connect again by itself."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, timeout_s: float) -> None:
        """Take where to connect and by what."""
        self.comm_params = CommParams(
            comm_type=CommType.TLS,
            comm_name="comm",
            host=host,
            port=port,
            sslctx=context,
            reconnect_delay=0,
            timeout_connect=timeout_s,
        )
        # Where the parameters are there already, pymodbus takes nothing but the framing and the retries.
        super().__init__("", framer=FramerType.SOCKET, retries=0)
