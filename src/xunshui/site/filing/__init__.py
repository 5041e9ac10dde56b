"""Filing: between the answers of an application form and a site, in both directions.

Answers are plain data, by section and field, kept as they were typed. Their ledger makes a site of one
unit, so that a draft is judged by the very rules that judge a metered plant; what is missing stays missing.

>>> from xunshui.register import application_form
>>> answers = {"applicant": {"name": "示例厂", "industry": "3120"}, "ledger": {"surface": {"2023": "30"}}}
>>> site = site_from_answers(application_form(), answers, site_id="A", kind="enterprise", years=(2021, 2022, 2023))
>>> site.streams[0].volume_m3["2023"], "2022" in site.streams[0].volume_m3
(Decimal('30'), False)
"""

from xunshui.site.filing.answers import AnswerMistake, check_answers, missing_required
from xunshui.site.filing.from_site import answers_from_site, not_held
from xunshui.site.filing.to_site import FiledDocument, site_from_answers
from xunshui.site.filing.told import Answers

__all__ = [
    "AnswerMistake",
    "Answers",
    "FiledDocument",
    "answers_from_site",
    "check_answers",
    "missing_required",
    "not_held",
    "site_from_answers",
]
