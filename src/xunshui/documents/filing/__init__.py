"""Documents of the programme: the application and the recommendation table, laid out from a form's own rows.

A form that is not the authority's says so on every page; another form given, the documents follow it.
"""

from xunshui.documents.filing.application import application_content
from xunshui.documents.filing.content import Filing, Part
from xunshui.documents.filing.recommendation import recommendation_content
from xunshui.documents.filing.write import (
    FORMS,
    application_document,
    filing_bytes,
    recommendation_document,
)

__all__ = [
    "FORMS",
    "Filing",
    "Part",
    "application_content",
    "application_document",
    "filing_bytes",
    "recommendation_content",
    "recommendation_document",
]
