"""A balanced sample as JSON."""

from __future__ import annotations

from typing import Any

from xunshui.balance.elimination import Suspect
from xunshui.balance.result import Balanced, Flow


def as_json(result: Balanced) -> dict[str, Any]:
    """Return what `xunshui balance --json` prints."""
    found = result.found
    return {
        "streams": [_stream(flow) for flow in result.flows],
        "global_test": {
            "statistic": result.test.statistic,
            "dof": result.test.dof,
            "p": result.test.p,
        },
        "suspects": [_suspect(each) for each in found.suspects],
        "after_suspects": {"statistic": found.statistic, "dof": found.dof, "p": found.p},
        "uncheckable": list(result.uncheckable),
        "helpful_meters": [
            {"stream": each.stream, "checks": list(each.checks), "tells": list(each.tells)}
            for each in result.helpful
        ],
    }


def _stream(flow: Flow) -> dict[str, Any]:
    return {
        "id": flow.id,
        "value": flow.value,
        "u": flow.u,
        "class": flow.kind.value,
        "z": flow.z,
        "reading": flow.reading,
        "sd": flow.sd,
        "detectable_bias": flow.detectable_bias,
    }


def _suspect(suspect: Suspect) -> dict[str, Any]:
    errors = list(zip(suspect.candidate.errors, suspect.candidate.signs, strict=True))
    own = suspect.candidate.signs[0]
    return {
        "kind": errors[0][0].kind.value,
        "at": errors[0][0].at,
        "size": suspect.size,
        "u": suspect.u,
        "z": suspect.z,
        "or": [
            {"kind": error.kind.value, "at": error.at, "size": suspect.size * own * sign}
            for error, sign in errors[1:]
        ],
    }
