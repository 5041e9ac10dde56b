"""The platform's side of a conversation: what is answered to a logger, and when.

Data with the answer bit is acknowledged (9014) only when its caller says that it is on disk; heartbeats (9015, 2025)
and notices (1013; in 2025 also 1001 and 1014) are confirmed by 9013. Answers bear the question's QN, ST=91, its version and no wish for an answer.
"""

from __future__ import annotations

from hashlib import blake2b

from xunshui.telemetry.hj212.frame import framed
from xunshui.telemetry.hj212.message import Message

DATA_ACKNOWLEDGED, NOTICE_CONFIRMED = "9014", "9013"
NOTICES = frozenset({"1013", "9015", "2012", "2022"})
TIME_WISHED, HARDWARE_TOLD, KEY_WISHED = "1013", "1001", "1014"
NOTICES_2025 = NOTICES | {HARDWARE_TOLD, KEY_WISHED}
"""In 2005 and in the surface-water dialect, 1001 and 1014 mean something else."""
ANSWERS = frozenset({"9011", "9012", "9013", "9014"})
INTERACTION = "91"


def answer_to(message: Message, notices: frozenset[str] = NOTICES) -> bytes:
    """Return the frame that answers this message, or nothing where none is due."""
    fields = message.fields
    command = fields.get("CN", "")
    if command in ANSWERS or not message.wants_answer and command not in notices:
        return b""
    code = NOTICE_CONFIRMED if command in notices else DATA_ACKNOWLEDGED
    segment = (
        f"QN={fields.get('QN', '')};ST={INTERACTION};CN={code};PW={fields.get('PW', '')};"
        f"MN={fields.get('MN', '')};Flag={message.flag & ~3};CP=&&&&"
    )
    return framed(segment.encode())


def key_of(message: Message) -> str:
    """Return what tells a resend of this message: command, QN, packet and content; empty where it bears no QN.

    The content counts because some loggers' QN stands still; what stands before CP does not, because a resend may
    bear another Flag, or RF.
    """
    fields = message.fields
    qn = fields.get("QN")
    if not qn:
        return ""
    content = message.segment[message.segment.find(b"CP=&&") :]
    return f"{message.command}/{qn}/{fields.get('PNO', '')}/{blake2b(content, digest_size=8).hexdigest()}"
