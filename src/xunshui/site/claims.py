"""What a site claims beside its water: permits, statements, proof, quotas it brings, values it declared."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from xunshui.site.columns import Amount, Day, Id, Number, Text, column, element


@element
class Permit:
    """A lawful procedure for taking water."""

    number: Annotated[Id, column("证号")]
    authority: Annotated[Text, column("发证机关")] = ""
    licensed_m3_per_year: Annotated[Amount | None, column("许可年取水量", unit="m³")] = None
    valid_from: Annotated[Day | None, column("有效期自")] = None
    valid_to: Annotated[Day | None, column("有效期至")] = None
    document: Annotated[Id | None, column("证明材料", "“材料”表中的编号")] = None


class Statement(StrEnum):
    """What the applicant states about itself, one for each condition of the notice."""

    LEGAL_ENTITY = "legal_entity"
    PARK_MANAGEMENT = "park_management"
    NO_OVER_PLAN = "no_over_plan"
    NO_ACCIDENT = "no_accident"
    NOT_LISTED = "not_listed"


STATEMENT_TITLES = {
    Statement.LEGAL_ENTITY: "具有独立法人资格",
    Statement.PARK_MANAGEMENT: "具备统一管理机构",
    Statement.NO_OVER_PLAN: "近三年无超计划取用水",
    Statement.NO_ACCIDENT: "近三年未发生较大及以上污染事故、生态破坏事件",
    Statement.NOT_LISTED: "未被列入经营异常名录或严重违法失信名单",
}


@element
class Declaration:
    """One statement of the applicant, true or false, with the proof it rests on."""

    statement: Annotated[Statement, column("声明事项")]
    holds: Annotated[bool | None, column("是否属实", "是、否；尚未核实留空")] = None
    documents: Annotated[tuple[Id, ...], column("证明材料", "“材料”表中的编号，多份用“、”分开")] = ()
    checked_on: Annotated[Day | None, column("查询日期")] = None
    note: Annotated[Text, column("说明")] = ""


@element
class Document:
    """A proof document, P01–P20."""

    id: Annotated[Id, column("编号")]
    code: Annotated[Id, column("类别", "P01–P20")]
    title: Annotated[Text, column("名称")]
    issuer: Annotated[Text, column("出具单位")] = ""
    issued_on: Annotated[Day | None, column("出具日期")] = None
    valid_to: Annotated[Day | None, column("有效期至")] = None


class Authority(StrEnum):
    """Whose quota it is."""

    NATIONAL = "national"
    LOCAL = "local"


class QuotaState(StrEnum):
    """Whether a person has found the row, or found that there is none."""

    PRESENT = "present"
    NO_SUCH_STANDARD = "no_such_standard"


class QuotaLevel(StrEnum):
    """Levels that quota standards print; only a person maps one to the level the gate asks for."""

    EXISTING = "existing"
    NEW = "new"
    GENERAL = "general"
    ADVANCED = "advanced"
    LEADING = "leading"
    BENCHMARK = "benchmark"


@element
class Quota:
    """A quota row that the site brings itself, or its statement that no such standard exists."""

    key: Annotated[Id, column("定额键", "与“产品”表的定额键相同")]
    authority: Annotated[Authority, column("层级", "国家或地方")]
    state: Annotated[QuotaState, column("状态", "有此定额，或经查无此标准")] = QuotaState.PRESENT
    value_m3: Annotated[Amount | None, column("定额值", "每单位产品", unit="m³")] = None
    per: Annotated[Text, column("每", "产品单位，如 t、100m")] = "t"
    level_as_printed: Annotated[QuotaLevel | None, column("标准印的级别")] = None
    level_for_gate: Annotated[
        QuotaLevel | None, column("判定采用级别", "由填报人对照，先进值填 advanced")
    ] = None
    reclaimed_factor: Annotated[Amount | None, column("再生水系数", "标准允许时填写")] = None
    standard: Annotated[Text, column("标准号与条款")] = ""
    source: Annotated[Text, column("出处", "谁在何处查到")] = ""
    provided_by: Annotated[Text, column("提供人")] = ""
    provided_on: Annotated[Day | None, column("提供日期")] = None
    example: Annotated[bool, column("示例值", "虚构的演示数值填“是”")] = False


@element
class Declared:
    """An indicator as the applicant declared it elsewhere, to be held against what the ledger gives."""

    indicator: Annotated[Id, column("指标", "指标键，如 reuse_rate")]
    subject: Annotated[Id | None, column("对象", "产品或单元编号，可空")] = None
    period: Annotated[Id, column("时期")]
    value: Annotated[Number, column("申报值", "按申报时的小数位填写")]
    source: Annotated[Text, column("出处")] = ""


@element
class Assumption:
    """Something in this file that was assumed or invented, and where it stands."""

    at: Annotated[Text, column("位置", "表名与编号")]
    text: Annotated[Text, column("说明")]
