"""What a balanced network says, in words that a water engineer can act on."""

from __future__ import annotations

from scipy.special import chdtr

from xunshui.balance.elimination import LEVEL, Suspect
from xunshui.balance.gross_errors import GrossError, Kind
from xunshui.balance.redundancy import Class, Help
from xunshui.balance.result import Balanced

CLASS_TITLES = {
    Class.REDUNDANT: "可核对",
    Class.JUST: "不能核对",
    Class.OBSERVABLE: "可推算",
    Class.UNOBSERVABLE: "不能知道",
}
TOO_GOOD = 0.001
"""Below this probability of so small a statistic, volumes close better than meters can."""
LEAST_DOF = 5


def fit_words(result: Balanced) -> str:
    """Return what the global test says."""
    test = result.test
    if test.p is None:
        return "没有一处平衡能核对水表：每块水表都只测得自己"
    figures = f"χ² = {test.statistic:.1f}，自由度 {test.dof}，{_p_words(test.p)}"
    if test.p < LEVEL:
        return f"平衡与水表的准确度不符（{figures}）：{_of_suspects(result)}"
    if is_too_good(result):
        return f"闭合得比水表的误差还好（{figures}）：水量像是推算的，不像各自测得的"
    if result.estimated:
        return f"平衡与水表的准确度没有矛盾（{figures}）；{result.estimated} 条水流是估算的，闭合得好不说明水表都准"
    return f"平衡与水表的准确度相符（{figures}）"


def _p_words(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def is_too_good(result: Balanced) -> bool:
    """Return whether the volumes close better than independent meters could; of estimates nothing can be said."""
    test = result.test
    return (
        not result.estimated and test.dof >= LEAST_DOF and float(chdtr(test.dof, test.statistic)) < TOO_GOOD
    )


def _of_suspects(result: Balanced) -> str:
    found = result.found
    if not found.suspects:
        return "说不出是哪一处"
    if found.p < LEVEL:
        return f"疑有 {len(found.suspects)} 处，还有说不出在哪里的"
    return f"疑有 {len(found.suspects)} 处"


def suspect_words(suspect: Suspect, unit: str, reading: float | None = None) -> str:
    """Return what is suspected, how much and how sure; `reading` lets a meter's bias be told in percent.

    >>> from xunshui.balance.gross_errors import Candidate
    >>> candidate = Candidate(errors=(GrossError(Kind.BIAS, "FM-118"), GrossError(Kind.LEAK, "A")), signs=(1, 1))
    >>> suspect_words(Suspect(candidate=candidate, size=6.0, u=1.0, z=6.0), "m³/h", reading=106.0)
    'FM-118 疑偏高 6 %（6 ± 1 m³/h）；或 A 疑漏失 6 ± 1 m³/h'
    """
    pairs = zip(suspect.candidate.errors, suspect.candidate.signs, strict=True)
    own = suspect.candidate.signs[0]
    told = [_error(error, suspect.size * own * sign, suspect.u, unit, reading) for error, sign in pairs]
    return "；或 ".join(told)


def _error(error: GrossError, size: float, u: float, unit: str, reading: float | None) -> str:
    amount = f"{_figure(abs(size), u)} {unit}".rstrip()
    if error.kind is Kind.LEAK:
        return f"{error.at} 疑漏失 {amount}" if size > 0 else f"{error.at} 疑有来水未计 {amount}"
    direction = "偏高" if size > 0 else "偏低"
    true = None if reading is None else reading - size
    if true:
        return f"{error.at} 疑{direction} {abs(size / true) * 100:.2g} %（{amount}）"
    return f"{error.at} 疑{direction} {amount}"


def _figure(size: float, u: float) -> str:
    digits = 0 if u >= 10 else 3 if u < 0.01 else 2 if u < 0.1 else 1 if u < 1 else 0
    return f"{size:,.{digits}f} ± {u:,.{digits}f}".replace(",", "\u2009")


def helpful_words(help_: Help) -> str:
    """Return what a new meter would do."""
    does = []
    if help_.checks:
        does.append(f"可核对 {'、'.join(help_.checks)}")
    if help_.tells:
        does.append(f"可知道 {'、'.join(help_.tells)}")
    return f"在 {help_.stream} 装表：{'；'.join(does) or '可核对它自己'}"
