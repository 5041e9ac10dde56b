"""The conversation with a regulator, without clock and socket: what leaves when, and what answers mean."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.forward import Conversation, Outgoing, Settings, outgoing_of
from xunshui.telemetry.hj212 import Framer, Message, framed, read_segment
from xunshui.telemetry.localtime import SECOND_US

SETTINGS = Settings(window=4, time_out=timedelta(seconds=10), resends=3)


def outgoing(number: int, *, qn: str = "", received_us: int = 0) -> Outgoing:
    raw = framed(f"QN={qn or number};ST=32;CN=2011;PW=1;MN=A;Flag=4;CP=&&w00000-Rtd={number}&&".encode())
    found = outgoing_of(raw, device="A", received_us=received_us, after=(number, 0))
    assert found is not None
    return found


def heard(content: bytes) -> list[Message]:
    return [read_segment(frame.segment) for frame in Framer().feed(content)]


def values(content: bytes) -> list[str]:
    return [message.value("w00000-Rtd") or "" for message in heard(content)]


def answer(qn: object, command: str = "9014", content: str = "") -> Message:
    return read_segment(f"QN={qn};ST=91;CN={command};PW=1;MN=A;Flag=4;CP=&&{content}&&".encode())


def talk(count: int, settings: Settings = SETTINGS) -> Conversation:
    conversation = Conversation(settings)
    for number in range(1, count + 1):
        conversation.offer(outgoing(number))
    return conversation


def test_place_moves_only_over_what_is_settled_without_a_gap() -> None:
    conversation = talk(3)
    conversation.due(0, now_us=0)

    conversation.hear(answer(2), 1)
    assert conversation.settled() == []
    conversation.hear(answer(1), 1)
    assert [each.outgoing.qn for each in conversation.settled()] == ["1", "2"]
    assert conversation.room == 1
    conversation.forget(2)
    assert conversation.room == 3


def test_what_is_not_answered_is_sent_again_three_times_and_then_the_link_is_down() -> None:
    conversation = talk(1)
    sent = [conversation.due(now, now_us=0) for now in (0, 9.9, 10, 20, 30)]

    assert [len(heard(content)) for content in sent] == [1, 0, 1, 1, 1]
    assert not conversation.is_down
    assert (conversation.due(40, now_us=0), conversation.is_down) == (b"", True)


def test_next_link_begins_with_the_oldest_that_is_open() -> None:
    conversation = talk(3)
    conversation.due(0, now_us=0)
    conversation.hear(answer(2), 1)
    conversation.hang_up()

    assert values(conversation.due(5, now_us=0)) == ["1", "3"]
    assert conversation.counts.resent == 2


def test_twins_by_qn_wait_for_each_other() -> None:
    conversation = Conversation(SETTINGS)
    for number in (1, 2, 3):
        conversation.offer(outgoing(number, qn="7" if number < 3 else ""))

    assert values(conversation.due(0, now_us=0)) == ["1"]
    conversation.hear(answer(7), 1)
    assert values(conversation.due(1, now_us=0)) == ["2", "3"]


def test_second_answer_to_a_resent_frame_is_not_taken_for_its_twins() -> None:
    conversation = Conversation(SETTINGS)
    conversation.offer(outgoing(1, qn="7"))
    conversation.offer(outgoing(2, qn="7"))
    conversation.due(0, now_us=0)
    conversation.due(10, now_us=0)

    conversation.hear(answer(7), 11)
    assert conversation.due(11, now_us=0) == b""
    conversation.hear(answer(7), 12)
    assert len(conversation.settled()) == 1
    assert conversation.next_due() == 21
    assert values(conversation.due(21, now_us=0)) == ["2"]


@pytest.mark.parametrize(
    ("command", "content", "refusal"),
    [
        ("9014", "QnRtn=3", "9014 QnRtn=3"),
        ("9011", "QnRtn=2", "9011 QnRtn=2"),
        ("9012", "ExeRtn=2", "9012 ExeRtn=2"),
    ],
)
def test_refused_as_often_as_it_may_be_sent_it_is_passed_over(
    command: str, content: str, refusal: str
) -> None:
    conversation = talk(1)
    for now in (0, 10, 20, 30):
        assert len(heard(conversation.due(now, now_us=0))) == 1
        assert conversation.settled() == []
        conversation.hear(answer(1, command, content), now)

    assert [each.refusal for each in conversation.settled()] == [refusal]


@pytest.mark.parametrize(("command", "content"), [("9011", "QnRtn=1"), ("9012", "ExeRtn=1"), ("9013", "")])
def test_only_9014_acknowledges(command: str, content: str) -> None:
    conversation = talk(1)
    conversation.due(0, now_us=0)
    conversation.hear(answer(1, command, content), 1)

    assert conversation.settled() == []


def test_9014_with_result_one_acknowledges_and_is_counted() -> None:
    conversation = talk(1)
    conversation.due(0, now_us=0)
    conversation.hear(answer(1, content="QnRtn=1"), 1)

    assert (len(conversation.settled()), conversation.counts.answers_with_result) == (1, 1)


def test_backfill_is_marked_when_late_or_sent_again() -> None:
    conversation = Conversation(Settings(backfill_is_marked=True))
    conversation.offer(outgoing(1, received_us=0))
    conversation.offer(outgoing(2, received_us=100 * SECOND_US))
    [late, fresh] = heard(conversation.due(0, now_us=100 * SECOND_US))
    [_, again] = heard(conversation.due(10, now_us=110 * SECOND_US))

    assert [message.fields.get("RF") for message in (late, fresh, again)] == ["1", None, "1"]


def test_regulator_sets_time_out_and_resends() -> None:
    conversation = talk(1)
    request = read_segment(b"QN=5;ST=32;CN=1000;PW=1;MN=A;Flag=5;CP=&&OverTime=2;ReCount=0&&")
    told = [message.command for message in heard(conversation.hear(request, 0))]
    conversation.due(0, now_us=0)
    conversation.due(2, now_us=0)

    assert (told, conversation.is_down) == (["9011", "9012"], True)


@pytest.mark.parametrize("content", ["", "OverTime=0", "OverTime=100", "ReCount=x", "OverTime=5;ReCount=100"])
def test_patience_that_makes_no_sense_is_refused(content: str) -> None:
    conversation = talk(0)
    request = read_segment(f"QN=5;ST=32;CN=1000;PW=1;MN=A;Flag=5;CP=&&{content}&&".encode())
    [told] = heard(conversation.hear(request, 0))

    assert (told.command, told.value("QnRtn")) == ("9011", "2")
    assert (conversation.time_out_s, conversation.resends) == (10, 3)


@pytest.mark.parametrize(
    ("raw", "segment"),
    [
        (
            framed(b"ST=32;CN=2011;PW=1;MN=A;CP=&&&&"),
            b"QN=19700101080001000;ST=32;CN=2011;PW=1;MN=A;Flag=1;CP=&&&&",
        ),
        (
            framed(b"QN=1;ST=32;CN=2051;PW=1;MN=A;Flag=6;PNUM=2;PNO=1;CP=&&&&"),
            b"QN=1;ST=32;CN=2051;PW=1;MN=A;Flag=7;PNUM=2;PNO=1;CP=&&&&",
        ),
        (
            framed(b"QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=8;CP=&&&&")[:-2] + b"\n",
            b"QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=9;CP=&&&&",
        ),
    ],
    ids=["2005_without_qn_and_flag", "split", "no_carriage_return"],
)
def test_segment_that_goes_on(raw: bytes, segment: bytes) -> None:
    found = outgoing_of(raw, device="A", received_us=SECOND_US, after=(1, 0))

    assert found is not None
    assert found.segment == segment


@pytest.mark.parametrize(
    "raw",
    [
        b"point,time,value\n" + framed(b"QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=4;CP=&&&&"),
        framed(b"QN=1;ST=32;CN=9015;PW=1;MN=A;Flag=5;CP=&&&&"),
        framed(b"QN=1;ST=32;CN=1013;PW=1;MN=A;Flag=5;CP=&&&&"),
        b"",
    ],
    ids=["history_out_of_a_file", "heartbeat", "wish_for_the_time", "nothing"],
)
def test_what_is_no_upload_does_not_go_on(raw: bytes) -> None:
    assert outgoing_of(raw, device="A", received_us=0, after=(1, 0)) is None


steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.integers(1, 12)),
        st.tuples(st.just("break"), st.just(0)),
    ),
    max_size=60,
)


@given(steps)
def test_whatever_happens_nothing_is_passed_over_and_the_window_holds(script: list[tuple[str, int]]) -> None:
    conversation = Conversation(SETTINGS)
    waiting = [outgoing(number) for number in range(1, 13)]
    now, noted = 0.0, 0
    acknowledged: set[str] = set()
    sent: list[str] = []
    for kind, number in script:
        while waiting and conversation.room:
            conversation.offer(waiting.pop(0))
        sent += values(conversation.due(now, now_us=0))
        if kind == "answer" and str(number) in sent:
            conversation.hear(answer(number), now)
            acknowledged.add(str(number))
        elif kind == "wait":
            now += number
        elif kind == "break" or conversation.is_down:
            conversation.hang_up()
        settled = conversation.settled()
        noted += len(settled)
        conversation.forget(len(settled))

        assert {str(place) for place in range(1, noted + 1)} <= acknowledged
        assert len({value for value in sent if int(value) > noted}) <= 4
    firsts = list(dict.fromkeys(sent))
    assert firsts == sorted(firsts, key=int)
