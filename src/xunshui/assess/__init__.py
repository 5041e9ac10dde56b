"""Assess: the one call that turns a site into its ledger, indicators, verdict and open questions.

>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "m", "kind": "enterprise", "industry": "3120",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "U", "name": "U"}],
...   "streams": [{"id": "a", "from": "env", "to": "U", "kind": "surface", "volume_m3": {"2023": 30}},
...               {"id": "b", "from": "U", "to": "U", "kind": "circulating_indirect", "volume_m3": {"2023": 970}}]}''')
>>> gate = assess(site).verdict.gates[0]
>>> str(gate.outcome), gate.value, str(gate.operator), gate.threshold
('not_met', Fraction(97, 1), '>', Fraction(97, 1))

`uncertain` is asked for beside it: what the reconciled balance makes of the same figures, and how sure that is.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from xunshui.assess.as_json import AssessmentForm, as_json, assessment_schema
from xunshui.assess.assessment import Assessment, assess
from xunshui.assess.compliance import Compliance
from xunshui.assess.many import assess_many
from xunshui.assess.problem import Problem, Severity
from xunshui.site import Site

if TYPE_CHECKING:  # slow import
    from xunshui.assess.certainty import Uncertain

__all__ = [
    "Assessment",
    "AssessmentForm",
    "Compliance",
    "Problem",
    "Severity",
    "as_json",
    "assess",
    "assess_many",
    "assessment_schema",
    "uncertain",
]


def uncertain(assessment: Assessment) -> Uncertain:
    """Return how sure an assessment is, in the evidence years that the site tells."""
    from xunshui.assess.certainty import uncertain as told  # slow import

    return told(assessment)


class _Room(ModuleType):
    """Makes the room itself callable: importing it puts the module where `xs.assess` looks for the verb."""

    def __call__(self, site: Site, **choices: Any) -> Assessment:
        """Return `assess(site, **choices)`."""
        return assess(site, **choices)


sys.modules[__name__].__class__ = _Room
