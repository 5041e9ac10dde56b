"""The Sankey loses no water, has no circles, and can be read."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xunshui.documents.draw import ChartOption, svg
from xunshui.documents.fonts import text_width
from xunshui.documents.palette import KIND_COLOURS, KIND_LABELS
from xunshui.documents.sankey import SankeyError, SankeyFlow, SankeyNode, sankey_option
from xunshui.documents.sankey_network import Role

ROLES: tuple[Role, ...] = ("source", "unit", "sink")
LINE_KINDS = sorted(KIND_COLOURS.keys() - {"circulating"})


def node(id_: str, role: Role = "unit", label: str = "", note: str = "") -> SankeyNode:
    """Return a node whose name is its id unless told otherwise."""
    return SankeyNode(id=id_, label=label or id_, role=role, note=note)


def flow(source: str, target: str, volume_m3: float, kind: str = "distributed") -> SankeyFlow:
    """Return a flow."""
    return SankeyFlow(source=source, target=target, volume_m3=volume_m3, kind=kind)


STEEL_NODES = (
    node("raw", "source", "水库地表水"),
    node("city", "source", "市政再生水"),
    node("works", label="原水净化站"),
    node("sinter", label="烧结"),
    node("furnace", label="炼铁高炉净环", note="循环 32\u2009000 m³/h"),
    node("steel", label="炼钢转炉浊环"),
    node("power", label="自备电厂"),
    node("waste", label="综合污水处理站"),
    node("air", "sink", "蒸发与产品带走"),
    node("river", "sink", "外排河道"),
    node("leak", "sink", "管网漏失"),
)
STEEL_FLOWS = (
    flow("raw", "works", 1850, "conventional"),
    flow("city", "waste", 300, "reclaimed"),
    flow("works", "sinter", 240),
    flow("works", "furnace", 900),
    flow("works", "power", 660),
    flow("works", "leak", 50, "leakage"),
    flow("furnace", "steel", 300, "series"),
    flow("furnace", "air", 800, "consumption"),
    flow("steel", "air", 280, "consumption"),
    flow("steel", "waste", 120, "collected"),
    flow("sinter", "air", 240, "consumption"),
    flow("power", "air", 500, "consumption"),
    flow("power", "waste", 260, "collected"),
    flow("waste", "furnace", 300, "reuse"),
    flow("waste", "steel", 100, "reuse"),
    flow("waste", "power", 100, "reuse"),
    flow("waste", "river", 180, "discharge"),
)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[SankeyNode], list[SankeyFlow]]:
    """Return any directed graph: circles, loops and parallel flows included."""
    roles = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=9))
    nodes = [node(f"n{index}", role) for index, role in enumerate(roles)]
    end = st.sampled_from([one.id for one in nodes])
    volume = st.one_of(st.just(0.0), st.floats(min_value=0.01, max_value=1e6))
    flows = draw(st.lists(st.builds(flow, end, end, volume, st.sampled_from(LINE_KINDS)), max_size=30))
    return nodes, flows


@given(networks())
@settings(max_examples=150, deadline=None)
def test_links_of_any_network_are_without_circles(network: tuple[list[SankeyNode], list[SankeyFlow]]) -> None:
    links = _links(sankey_option(*network))

    order: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        order[link["target"]].add(link["source"])
    TopologicalSorter(order).prepare()


@given(networks())
@settings(max_examples=150, deadline=None)
def test_no_unit_gains_or_loses_water(network: tuple[list[SankeyNode], list[SankeyFlow]]) -> None:
    nodes, flows = network

    links = _links(sankey_option(nodes, flows))

    for unit in (one.id for one in nodes if one.role == "unit"):
        for side in ("source", "target"):
            given_m3 = math.fsum(one.volume_m3 for one in flows if getattr(one, side) == unit)
            drawn_m3 = math.fsum(link["value"] for link in links if link[side] == unit)
            assert drawn_m3 == pytest.approx(given_m3)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_what_leaves_on_the_right_to_return_comes_in_on_the_left(
    network: tuple[list[SankeyNode], list[SankeyFlow]],
) -> None:
    nodes, flows = network

    option = sankey_option(nodes, flows, small_share=0.0)

    links, names = _links(option), {one["id"]: one["name"] for one in option["series"][0]["data"]}
    out = math.fsum(link["value"] for link in links if names[link["target"]].startswith("回用至"))
    back = math.fsum(link["value"] for link in links if names[link["source"]].startswith("来自"))
    assert out == pytest.approx(back)
    assert math.fsum(link["value"] for link in links) == pytest.approx(
        math.fsum(one.volume_m3 for one in flows) + back
    )


def test_network_without_circles_is_drawn_as_it_is() -> None:
    flows = [flow("a", "b", 5, "conventional"), flow("b", "c", 5, "discharge")]

    option = sankey_option([node("a", "source"), node("b"), node("c", "sink")], flows)

    assert [(link["source"], link["target"], link["value"]) for link in _links(option)] == [
        ("a", "b", 5),
        ("b", "c", 5),
    ]
    assert option.notes == ()


def test_returning_water_is_halved_even_where_it_is_the_larger_flow() -> None:
    flows = [flow("mill", "waste", 150, "collected"), flow("waste", "mill", 300, "reuse")]

    drawn = _named(sankey_option([node("mill", label="热轧"), node("waste", label="污水站")], flows))

    assert drawn == {
        ("热轧", "污水站", 150),
        ("来自污水站的回用", "热轧", 300),
        ("污水站", "回用至热轧", 300),
    }


def test_smaller_flow_of_a_circle_is_halved() -> None:
    flows = [flow("a", "b", 10), flow("b", "c", 6), flow("c", "a", 8)]

    drawn = _named(sankey_option([node("a"), node("b"), node("c")], flows))

    assert drawn == {("a", "b", 10), ("c", "a", 8), ("b", "回用至c", 6), ("来自b的回用", "c", 6)}


def test_stub_to_several_units_names_the_largest() -> None:
    assert ("综合污水处理站", "回用至炼铁高炉净环等 3 处", 500) in _named(
        sankey_option(STEEL_NODES, STEEL_FLOWS)
    )


def test_circulating_water_is_a_note_and_no_ribbon() -> None:
    flows = [flow("a", "b", 5), flow("b", "b", 32000, "circulating")]

    option = sankey_option([node("a", "source"), node("b", note="间冷开式")], flows)

    assert len(_links(option)) == 1
    assert "间冷开式 循环 32\u2009000 m³/h" in "".join(_texts(option))


def test_small_ends_are_merged_and_the_reader_is_told() -> None:
    springs = [node(f"s{index}", "source", f"{index} 号井") for index in range(8)]
    flows = [flow("s0", "mill", 1000, "conventional")]
    flows += [flow(f"s{index}", "mill", 2, "conventional") for index in range(1, 8)]

    option = sankey_option([*springs, node("mill")], flows)

    assert _named(option) == {("0 号井", "mill", 1000), ("其他（7 项）", "mill", 14)}
    told = "水量不足总入水 0.5 % 的 7 项（1 号井、2 号井、3 号井、4 号井、5 号井、6 号井等）已并入“其他”。"
    assert option.notes == (told,)
    assert told in _texts(option)


def test_one_small_end_keeps_its_name() -> None:
    nodes = [node("a", "source"), node("b", "source"), node("mill")]

    option = sankey_option(nodes, [flow("a", "mill", 1000), flow("b", "mill", 1)])

    assert ("b", "mill", 1) in _named(option)


def test_node_without_water_is_left_out_and_named() -> None:
    option = sankey_option([node("a", "source"), node("b"), node("dry", label="备用井")], [flow("a", "b", 1)])

    assert option.notes == ("没有水量、未画出：备用井。",)


def test_every_mistake_is_told_at_once() -> None:
    flows = [flow("a", "ghost", 1), flow("a", "a", math.nan), flow("a", "a", 1, "wine")]

    with pytest.raises(SankeyError) as caught:
        sankey_option([node("a"), node("a")], flows)

    assert [problem.split("，")[0] for problem in caught.value.problems] == [
        "节点“a”重复 2 次",
        "水流“a → ghost”的端点“ghost”不在节点表中",
        "水流“a → a”的水量 nan 应为不小于 0 的数",
        "水流“a → a”的水类“wine”没有颜色",
    ]


def test_legend_names_the_kinds_present_in_the_palette_order() -> None:
    present = {one.kind for one in STEEL_FLOWS}

    drawn = _texts(sankey_option(STEEL_NODES, STEEL_FLOWS))

    assert [text for text in drawn if text in KIND_LABELS.values()] == [
        label for kind, label in KIND_LABELS.items() if kind in present
    ]


def test_nothing_to_draw_is_still_a_picture() -> None:
    option = sankey_option([], [])

    assert svg(option, option.width_px, option.height_px).startswith("<svg")


@dataclass(frozen=True)
class Box:
    """A line of text as drawn [px]."""

    text: str
    left: float
    right: float
    middle: float

    def meets(self, other: Box) -> bool:
        """Whether the two lines touch; the letters of a line are about 10 px tall."""
        return self.left < other.right and other.left < self.right and abs(self.middle - other.middle) < 10


@pytest.mark.parametrize("width_px", [1440, 700])
def test_labels_of_the_steel_mill_neither_meet_nor_leave_the_page(width_px: int) -> None:
    option = sankey_option(STEEL_NODES, STEEL_FLOWS, width_px=width_px)

    assert option.width_px == width_px
    _assert_legible(option)
    drawn = "".join(_texts(option)).replace("\u2009", "")
    for label in (one.label for one in STEEL_NODES):
        assert label in drawn


@given(networks(), st.sampled_from([1440, 700]))
@settings(max_examples=40, deadline=None)
def test_labels_of_any_network_neither_meet_nor_leave_the_page(
    network: tuple[list[SankeyNode], list[SankeyFlow]], width_px: int
) -> None:
    nodes, flows = network
    named = [
        SankeyNode(
            id=one.id,
            label="炼钢转炉浊环"[: 2 + index % 5],
            role=one.role,
            note="循环 8600 m³/h" * (index % 2),
        )
        for index, one in enumerate(nodes)
    ]

    _assert_legible(sankey_option(named, flows, width_px=width_px))


def test_long_names_in_a_row_are_broken_before_they_meet() -> None:
    chain = [f"第{index}冷轧厂酸洗连轧机组及镀锌生产线" for index in range(6)]
    flows = [flow(here, there, 100) for here, there in zip(chain, chain[1:], strict=False)]

    _assert_legible(sankey_option([node(name) for name in chain], flows, width_px=700))


def test_two_hundred_flows_are_legible() -> None:
    nodes = [node(f"s{i}", "source", f"{i} 号水源井") for i in range(12)]
    nodes += [node(f"u{i}", "unit", f"{i} 号生产车间") for i in range(24)]
    nodes += [node(f"k{i}", "sink", f"{i} 号排放口") for i in range(12)]
    flows = [flow(f"s{i % 12}", f"u{i * 7 % 24}", 400 / (1 + i % 12) ** 3, "conventional") for i in range(60)]
    flows += [flow(f"u{i % 24}", f"u{i * 5 % 23}", 10 + i % 17, "series") for i in range(80)]
    flows += [flow(f"u{i * 11 % 24}", f"k{i % 12}", 300 / (1 + i % 12) ** 3, "discharge") for i in range(60)]

    option = sankey_option(nodes, flows)

    assert len(flows) == 200
    assert any("已并入" in note for note in option.notes)
    _assert_legible(option)


def _assert_legible(option: ChartOption) -> None:
    """Fail where two lines of text meet or one leaves the page."""
    boxes = list(_boxes(option))
    for box in boxes:
        assert 0 <= box.left <= box.right <= option.width_px + 1, box
        assert 5 <= box.middle <= option.height_px - 5, box
    meeting = [(one, two) for index, one in enumerate(boxes) for two in boxes[:index] if one.meets(two)]
    assert meeting == []


def _boxes(option: ChartOption) -> Iterable[Box]:
    """Return the lines of text of the picture where they are drawn."""
    for element in _text_elements(option):
        matrix = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", element.get("transform", ""))
        dx, dy = (float(matrix[1]), float(matrix[2])) if matrix else (0.0, 0.0)
        x, y = dx + float(element.get("x", 0)), dy + float(element.get("y", 0))
        width = text_width(element.text or "", float(element.get("font-size", "12px").removesuffix("px")))
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
        yield Box(element.text or "", left, left + width, y)


def _text_elements(option: ChartOption) -> list[ElementTree.Element]:
    """Return the text elements of the drawn picture."""
    root = ElementTree.fromstring(svg(option, option.width_px, option.height_px))
    return [element for element in root.iter() if element.tag.endswith("}text")]


def _texts(option: ChartOption) -> list[str]:
    """Return the lines of text of the picture."""
    return [element.text or "" for element in _text_elements(option)]


def _links(option: ChartOption) -> list[dict[str, Any]]:
    """Return the links of the series."""
    links: list[dict[str, Any]] = option["series"][0]["links"]
    return links


def _named(option: ChartOption) -> set[tuple[str, str, float]]:
    """Return the links with the names of their ends."""
    names = {one["id"]: one["name"] for one in option["series"][0]["data"]}
    return {(names[link["source"]], names[link["target"]], link["value"]) for link in _links(option)}
