"""The command line as a user meets it: what it answers, how it refuses, and that it never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from tests.spec.given import raw_of_given

from xunshui.cli.main import COMMANDS, cli
from xunshui.site import read_site
from xunshui.site.templates import names

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
STEEL = ROOT / "examples" / "steel_pass.json"
FORMS = (".json", ".xlsx")


def xunshui(*arguments: str | Path) -> Result:
    """Run the command in this process; an error that is not a user's mistake fails the test."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def process(
    *arguments: str | Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "xunshui.cli.main", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, check=False, env=environment or dict(os.environ))


def assessment_of(file: Path, *options: str) -> dict[str, Any]:
    result = xunshui("assess", file, "--json", *options)
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def refusal(*arguments: str | Path) -> str:
    """Return the message of a command that is refused with exit code 2."""
    result = xunshui(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


def gates_of(assessment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {gate["id"]: gate for gate in assessment["gates"]}


# The verdict on a file.


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("given", "gate", "value", "operator", "threshold", "outcome"),
    [
        pytest.param(
            {"industry": "3120", "surface": 0.3, "circulating_indirect": 9.7},
            *("R-IND-1", 97, ">", 97, "not_met"),
            id="reuse_of_exactly_97_percent_does_not_pass_above_97",
        ),
        pytest.param(
            {"industry": "3120", "surface": 0.3, "circulating_indirect": 9.7001},
            *("R-IND-1", 97.00003, ">", 97, "met"),
            id="reuse_a_little_above_97_percent_passes",
        ),
        pytest.param(
            {"surface": 0.3, "municipal_reclaimed": 0.1},
            *("R-IND-3", 25, ">=", 25, "met"),
            id="reclaimed_of_exactly_25_percent_passes",
        ),
        pytest.param(
            {"kind": "data_centre", "public_supply": 0.7, "it_energy": 500},
            *("R-IND-2", 1.4, "<=", 1.4, "met"),
            id="wue_of_exactly_1.4_passes",
        ),
        pytest.param(
            {"kind": "park", "surface": 20.1, "value_added": 3},
            *("R-IND-2", 6.7, "<", 6.7, "not_met"),
            id="park_of_exactly_6.7_does_not_pass",
        ),
    ],
)
def test_value_on_the_threshold_is_judged_exactly(
    tmp_path: Path,
    form: str,
    given: dict[str, Any],
    gate: str,
    value: float,
    operator: str,
    threshold: float,
    outcome: str,
) -> None:
    written, file = tmp_path / "written.json", tmp_path / f"site{form}"
    written.write_text(json.dumps(raw_of_given(given)), encoding="utf-8")
    assert xunshui("convert", written, file).exit_code == 0

    judged = gates_of(assessment_of(file))[gate]

    assert (judged["operator"], judged["threshold"], judged["outcome"]) == (operator, threshold, outcome)
    assert judged["value"] == pytest.approx(value, abs=1e-5)


def test_assessment_has_the_promised_keys() -> None:
    assessment = assessment_of(STEEL)

    assert {"site", "period", "indicators", "gates", "conditions", "eligible", "problems"} <= set(assessment)
    assert [gate["id"] for gate in assessment["gates"]] == ["R-IND-1", "R-IND-2", "R-IND-3"]
    for value in assessment["indicators"].values():
        assert {"value", "unit"} <= set(value)
    for gate in assessment["gates"]:
        assert {"outcome", "value", "threshold", "operator", "margin", "clause", "marks"} <= set(gate)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_and_their_assessments_follow_the_printed_schemas(example: Path) -> None:
    site, assessment = (json.loads(xunshui("schema", form).stdout) for form in ("site", "assessment"))

    for schema, content in (
        (site, json.loads(example.read_bytes())),
        (assessment, assessment_of(example)),
    ):
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(content)


def test_assess_prints_the_verdict_first() -> None:
    lines = xunshui("assess", STEEL).stdout.splitlines()

    assert lines[1] == "● 达到 具备申报条件"


def test_option_changes_the_reading_and_is_named_in_the_answer() -> None:
    assessment = assessment_of(STEEL, "--option", "deciding_year=every")

    assert assessment["rules"]["readings"]["deciding_year"] == "every"
    assert assessment["rules"]["departures"] == ["deciding_year"]


# Templates, and the two forms of a file.


@pytest.mark.parametrize("kind", names())
def test_new_file_is_assessed_the_same_in_both_forms(tmp_path: Path, kind: str) -> None:
    files = [tmp_path / f"{kind}{form}" for form in FORMS]

    codes = [xunshui("new", kind, file).exit_code for file in files]

    assert codes == [0, 0]
    assert assessment_of(files[0]) == assessment_of(files[1])


def test_new_does_not_overwrite_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "我的工厂.json"
    file.write_text("填了一周的数字", encoding="utf-8")

    message = refusal("new", "steel", file)

    assert "--force" in message
    assert file.read_text(encoding="utf-8") == "填了一周的数字"
    assert xunshui("new", "steel", file, "--force").exit_code == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_convert_to_a_workbook_and_back_keeps_every_attribute(tmp_path: Path, example: Path) -> None:
    workbook, back = tmp_path / "a.xlsx", tmp_path / "b.json"

    codes = [xunshui("convert", *pair).exit_code for pair in ((example, workbook), (workbook, back))]

    assert codes == [0, 0]
    assert read_site(back) == read_site(example)


def test_file_saved_by_windows_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "bom.json"
    file.write_bytes(b"\xef\xbb\xbf" + STEEL.read_bytes())

    assert assessment_of(file) == assessment_of(STEEL)


# A folder.


def test_folder_with_a_faulty_file_still_tells_the_others(tmp_path: Path) -> None:
    for name, content in (("a", STEEL.read_bytes()), ("b", b"{"), ("c", STEEL.read_bytes())):
        (tmp_path / f"{name}.json").write_bytes(content)

    result = process("assess", tmp_path, "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]

    assert (result.returncode, b"Traceback" in result.stderr) == (2, False)
    assert [(line["file"], line["assessment"] is None) for line in lines] == [
        ("a.json", False),
        ("b.json", True),
        ("c.json", False),
    ]
    assert "b.json" in lines[1]["mistakes"]


def test_folder_as_a_table_is_the_same_with_any_number_of_processes(tmp_path: Path) -> None:
    for example in EXAMPLES:
        (tmp_path / example.name).write_bytes(example.read_bytes())

    tables = [xunshui("assess", tmp_path, "--jobs", jobs).stdout for jobs in ("1", "2")]

    assert tables[0] == tables[1]
    assert len(tables[0].splitlines()) == len(EXAMPLES)


# What is refused, and how.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["assess", "nowhere.json"], "nowhere.json", id="missing_file"),
        pytest.param(["assess", "site.csv"], ".json、.xlsx", id="wrong_suffix"),
        pytest.param(["assess", "broken.json"], "第 1 行", id="not_json"),
        pytest.param(["assess", "empty.xlsx"], "空", id="empty_workbook"),
        pytest.param(["assess", "empty"], ".json", id="folder_without_sites"),
        pytest.param(
            ["assess", "site.json", "--report", "a.odt"], ".html .pdf .docx .xlsx", id="report_form"
        ),
        pytest.param(["assess", "site.json", "--option", "every"], "名=值", id="option_without_value"),
        pytest.param(["assess", "site.json", "--option", "x=y"], "deciding_year", id="unknown_option"),
        pytest.param(
            ["assess", "site.json", "--option", "deciding_year=x"], "last、every", id="unknown_option_value"
        ),
        pytest.param(
            ["assess", "folder", "--option", "deciding_year=x"], "last、every", id="option_of_folder"
        ),
        pytest.param(["assess", "folder", "--report", "a.html"], "文件夹", id="report_of_folder"),
        pytest.param(["assess", "site.json", "--overlay", "loose.yaml"], "地方只能加严", id="loose_overlay"),
        pytest.param(
            ["assess", "site.json", "--overlay", "site.csv"], "加严表", id="overlay_of_another_kind"
        ),
        pytest.param(["new", "coal", "a.xlsx"], "steel", id="unknown_class"),
        pytest.param(["new", "steel", "a.csv"], ".json .xlsx", id="new_suffix"),
        pytest.param(["new", "steel", "none/a.json"], "none", id="new_unwritable"),
        pytest.param(["convert", "site.json", "a.csv"], ".json .xlsx", id="convert_suffix"),
        pytest.param(["convert", "site.json", "none/a.xlsx"], "none", id="convert_unwritable"),
        pytest.param(["rules", "laws"], "clauses", id="unknown_part_of_rules"),
        pytest.param(["schema", "report"], "assessment", id="unknown_schema"),
        pytest.param(["asses"], "asses", id="unknown_command"),
    ],
)
def test_mistake_is_refused_with_what_would_be_accepted(
    working_folder: Path, arguments: list[str], said: str
) -> None:
    assert said in refusal(*arguments)


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with good and bad files in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.json").write_bytes(STEEL.read_bytes())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "site.json").write_bytes(STEEL.read_bytes())
    (tmp_path / "empty").mkdir()
    (tmp_path / "site.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    (tmp_path / "loose.yaml").write_text(LOOSE, encoding="utf-8")
    return tmp_path


LOOSE = """
notice: miit-2024-280
province: 河北省
document: 示例
rows:
  - {id: R-IND-1, subject: steel, operator: ">", value: "96", clause: "一", source: 示例, grade: D}
"""


def test_report_that_cannot_be_written_is_told_after_the_verdict(working_folder: Path) -> None:
    result = xunshui("assess", "site.json", "--report", "none/a.html")

    assert (result.exit_code, "none" in result.stderr) == (2, True)
    assert "具备申报条件" in result.stdout


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "site.json"
    file.symlink_to("/proc/self/mem")

    assert "打不开文件" in refusal("assess", file)


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    raw = raw_of_given({"surface": 30, "industry": "steel", "park_level": "county"})
    raw["streams"][0]["to"] = "nowhere"
    file = tmp_path / "site.json"
    file.write_text(json.dumps(raw), encoding="utf-8")

    message = refusal("assess", file)

    assert message.startswith("site.json 有 3 处需要改正")
    assert all(place in message for place in ("industry", "park_level", "streams[0].to"))


# The other commands.


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("clauses", "R-IND-1"),
        ("readings", "deciding_year=last（默认）"),
        ("quotas", "steel."),
        ("sources", "工信厅节函"),
    ],
)
def test_rules_prints_every_part(part: str, said: str) -> None:
    result = xunshui("rules", part)

    assert result.exit_code == 0
    assert said in result.stdout


def test_doctor_tells_every_part_with_its_remedy() -> None:
    result = xunshui("doctor")
    lines = result.stdout.splitlines()

    assert lines[0].startswith(f"Python {sys.version.split()[0]}")
    assert result.exit_code == ("▲ 缺少" in result.stdout)
    assert all(line.startswith(("● 正常", "▲ 缺少", "   ")) for line in lines[1:])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_is_printed(name: str) -> None:
    assert xunshui(name, "--help").exit_code == 0


# As a process: locale, pipes, redirection.

_ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("settings", [{"LC_ALL": "C"}, _ASCII], ids=["c_locale", "ascii_console"])
def test_chinese_is_printed_in_a_locale_without_it(tmp_path: Path, settings: dict[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    file = tmp_path / "我的工厂.json"
    file.write_bytes(STEEL.read_bytes())

    good = process("assess", file, environment=kept | settings)
    bad = process("assess", tmp_path / "没有.json", environment=kept | settings)

    assert (good.returncode, good.stderr) == (0, b"")
    assert "具备申报条件" in good.stdout.decode("utf-8")
    assert (bad.returncode, b"Traceback" in bad.stderr) == (2, False)


def test_output_is_the_same_when_redirected_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "answer.json"

    with target.open("wb") as stream:
        command = [sys.executable, "-m", "xunshui.cli.main", "assess", str(STEEL), "--json"]
        subprocess.run(command, stdout=stream, check=True)

    assert json.loads(target.read_text(encoding="utf-8")) == assessment_of(STEEL)


@pytest.mark.parametrize(
    "arguments",
    [["assess", "folder", "--json"], ["assess", "site.json", "--json"], ["schema", "site"], ["rules"]],
    ids=" ".join,
)
def test_reader_that_leaves_early_sees_no_traceback(working_folder: Path, arguments: list[str]) -> None:
    for number in range(20):
        (working_folder / "folder" / f"{number}.json").write_bytes(STEEL.read_bytes())
    command = [sys.executable, "-m", "xunshui.cli.main", *arguments]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        told = running.stderr.read()

    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told
