"""`xunshui forward` against a regulator of its own making: order, window, resends, and what a kill leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional import gateways
from tests.functional.regulators import arrival, ended, fill, forwarder, regulator, run, until

from xunshui.telemetry.forward.status import read_status
from xunshui.telemetry.spool import batches_after, open_to_read, open_to_write, place_of, prune

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")


def place(spool: Path) -> tuple[int, int]:
    database = open_to_read(spool)
    try:
        return place_of(database, "forward-test")
    finally:
        database.close()


def at(spool: Path, seq: int) -> Callable[[], bool]:
    return lambda: place(spool) == (seq, 0)


def status_of(spool: Path) -> dict[str, Any]:
    return read_status(spool, "test") or {}


def test_all_arrive_in_order_and_once_within_the_window(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number, "AB"[number % 2]) for number in range(1_000)])
    with regulator("delay=3") as server, forwarder(tmp_path, server.port, "--window", "8") as process:
        until(at(tmp_path, 10))
        code, told = ended(process)
        found = server.end()[-1]

    assert code == 0
    assert told.splitlines()[0] == f"已连上 127.0.0.1:{server.port}"
    assert found["devices"] == {"A": 500, "B": 500}
    assert (found["disorder"], found["doubles"], found["connections"]) == (0, 0, 1)
    assert 1 < found["most_open"] <= 8
    assert status_of(tmp_path)["acknowledged"] == 1_000
    assert status_of(tmp_path)["behind_batches"] == 0


def test_segment_is_the_loggers_own_but_for_the_answer_bit(tmp_path: Path) -> None:
    kept = arrival(1)
    fill(tmp_path, [kept])
    with regulator("tell=1") as server, forwarder(tmp_path, server.port):
        told = server.line()["frame"]

    assert told.encode() == kept.raw[6:-6].replace(b"Flag=4", b"Flag=5")


def test_lost_answers_are_asked_for_again(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(40)])
    with regulator("lose=10") as server, forwarder(tmp_path, server.port, "--timeout", "0.3") as process:
        until(at(tmp_path, 1))
        ended(process)
        found = server.end()[-1]

    assert (found["frames"], found["doubles"], found["connections"]) == (40, 4, 1)
    assert status_of(tmp_path)["resent"] == 4


def test_broken_links_lose_nothing(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(300)])
    with regulator("drop=150") as server, forwarder(tmp_path, server.port, "--window", "10") as process:
        until(at(tmp_path, 3))
        _, told = ended(process)
        found = server.end()[-1]

    assert (found["frames"], found["disorder"]) == (300, 0)
    assert found["dropped"] >= 1
    assert found["doubles"] <= 10 * found["dropped"]
    assert "对方挂断" in told


def test_killed_in_mid_drain_repeats_at_most_the_window(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(6_000)], batch=500)
    with regulator() as server:
        for seq in (2, 5):
            with forwarder(tmp_path, server.port) as process:
                until(lambda seq=seq: place(tmp_path)[0] >= seq)  # type: ignore[misc]
                process.kill()
                process.wait(10)
        before = place(tmp_path)
        with forwarder(tmp_path, server.port) as process:
            until(at(tmp_path, 12))
            assert ended(process)[0] == 0
        found = server.end()[-1]

    assert before < (12, 0)
    assert (found["frames"], found["disorder"]) == (6_000, 0)
    assert found["doubles"] <= 2 * 32


def test_silence_takes_the_link_down_and_passes_nothing_over(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(50)])
    words = ("--timeout", "0.2", "--resends", "2", "--window", "4")
    with regulator("silent=1", "tell=1") as server, forwarder(tmp_path, server.port, *words) as process:
        for _ in range(4 * 3):
            server.line()
        assert process.stderr is not None
        told = [process.stderr.readline() for _ in range(2)]
        assert place(tmp_path) == (0, 0)
        port = server.port
        server.end()
        with regulator("silent=0", port=port) as speaking:
            until(at(tmp_path, 1))
            ended(process)
            found = speaking.end()[-1]

    assert "2 次重发都没有应答" in told[1]
    assert (found["frames"], found["doubles"]) == (50, 0)


@pytest.mark.parametrize("command", ["9014", "9011"])
def test_what_is_refused_for_good_is_written_down_and_passed_over(tmp_path: Path, command: str) -> None:
    fill(tmp_path, [arrival(number) for number in range(20)])
    words = ("--timeout", "0.1", "--resends", "2")
    options = ("refuse=w00000-Rtd=7.5", f"refusal={command}", "result=1")
    with regulator(*options) as server, forwarder(tmp_path, server.port, *words) as process:
        until(at(tmp_path, 1))
        ended(process)
        found = server.end()[-1]
    [line] = (tmp_path / "forward-refused.jsonl").read_text(encoding="utf-8").splitlines()

    told = json.loads(line)
    assert (told["device"], told["refusal"]) == ("A", f"{command} QnRtn=9")
    assert "w00000-Rtd=7.5" in told["segment"]
    assert (found["frames"], found["doubles"], found["connections"]) == (20, 2, 1)
    counts = status_of(tmp_path)
    assert (counts["acknowledged"], counts["refused"], counts["refusals"]) == (19, 1, 3)


def test_only_chosen_devices_and_data_go_on_under_the_regulators_number(tmp_path: Path) -> None:
    mixed = [
        arrival(1, "A"),
        arrival(2, "B"),
        arrival(3, "A", command="9015"),
        arrival(4, "A", command="2061"),
    ]
    fill(tmp_path, [*mixed, arrival(5, "B")])
    (tmp_path / "map.csv").write_text("device,mn\nA,REG1\n", encoding="utf-8")
    words = ("--devices", "A", "--map", str(tmp_path / "map.csv"))
    with regulator() as server, forwarder(tmp_path, server.port, *words) as process:
        until(at(tmp_path, 1))
        ended(process)
        found = server.end()[-1]

    assert (found["frames"], found["devices"]) == (2, {"REG1": 2})


@pytest.mark.parametrize(("words", "marked"), [((), 0), (("--rf",), 3)], ids=["plain", "rf"])
def test_backfill_is_marked_where_it_is_asked_for(
    tmp_path: Path, words: tuple[str, ...], marked: int
) -> None:
    fill(tmp_path, [arrival(number) for number in range(3)])
    with regulator() as server, forwarder(tmp_path, server.port, *words) as process:
        until(at(tmp_path, 1))
        ended(process)

        assert server.end()[-1]["rf"] == marked


def test_requests_are_answered(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(1)])
    with regulator("ask=1000,1062,9015,2051", "mn=A") as server, forwarder(tmp_path, server.port):
        told = [server.line()["answer"] for _ in range(5)]

    def said(qn: str, command: str, content: str) -> str:
        return f"QN=20990101000000{qn};ST=91;CN={command};PW=123456;MN=A;Flag=4;CP=&&{content}&&"

    assert told == [
        said("000", "9011", "QnRtn=1"),
        said("000", "9012", "ExeRtn=1"),
        said("062", "9011", "QnRtn=2"),
        said("015", "9013", ""),
        said("051", "9011", "QnRtn=2"),
    ]


def test_what_a_forwarder_has_not_passed_is_not_pruned(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(100)], batch=10)
    with regulator("silent=1", "tell=1") as server, forwarder(tmp_path, server.port):
        server.line()
    fill(tmp_path, [arrival(number) for number in range(100, 200)], batch=10)
    database = open_to_write(tmp_path)
    database.execute("INSERT INTO reader VALUES ('lake', 20, 0)")

    assert prune(tmp_path, keep=0) == 0
    assert len(batches_after(database, 0)) == 20
    database.close()


def test_two_under_one_name_and_a_missing_spool_are_told(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(1)])
    with regulator("tell=1") as server, forwarder(tmp_path, server.port):
        server.line()
        second = run("forward", "--spool", str(tmp_path), "--to", "127.0.0.1:1", "--name", "test")
        nowhere = run("forward", "--spool", str(tmp_path / "nowhere"), "--to", "127.0.0.1:1")

    assert (second.returncode, "已在运行" in second.stderr) == (2, True)
    assert (nowhere.returncode, "先运行 xunshui gateway" in nowhere.stderr) == (2, True)


def test_forgotten_forwarder_holds_nothing_back(tmp_path: Path) -> None:
    fill(tmp_path, [arrival(number) for number in range(20)], batch=10)
    words = ("forward", "--spool", str(tmp_path), "--name", "test", "--forget")
    with (
        regulator("silent=1", "tell=1") as server,
        forwarder(tmp_path, server.port, "--devices", "A,C") as process,
    ):
        server.line()
        assert process.stderr is not None
        first = process.stderr.readline()
        running = run(*words)
    forgotten, again = run(*words), run(*words)
    database = open_to_write(tmp_path)
    database.execute("INSERT INTO reader VALUES ('lake', 2, 0)")
    database.close()

    assert first.startswith("还没有收到过这些设备的报文：C；")
    assert [ended.returncode for ended in (running, forgotten, again)] == [2, 0, 2]
    assert "没有名为 test 的转发" in again.stderr
    assert prune(tmp_path, keep=0) == 2


def test_what_loggers_send_meanwhile_goes_on_as_it_comes(tmp_path: Path) -> None:
    with (
        gateways.gateway(tmp_path) as port,
        regulator("until=600") as server,
        forwarder(tmp_path, server.port),
        gateways.logger(port, "A" * 24, 300, 20) as one,
        gateways.logger(port, "B" * 24, 300, 20) as other,
    ):
        assert server.line() == {"reached": 600}
        assert [one.wait(10), other.wait(10)] == [0, 0]
        found = server.end()[-1]

    assert (found["frames"], found["doubles"], found["disorder"]) == (600, 0, 0)
