"""The register: dated rows with clause, source and grade. Law and practice as data, never as code.

>>> gate = register().notice.clause("R-IND-1")
>>> steel = gate.threshold("steel")
>>> str(steel.operator), steel.value, gate.clause
('>', Decimal('97'), '二（二）3（1）')
"""

from xunshui.register.form import (
    AttachmentKind,
    Choice,
    Column,
    Direction,
    Field,
    FieldType,
    Form,
    RecommendingBody,
    Section,
)
from xunshui.register.model import (
    GRADE_TITLES,
    Clause,
    DischargeLimit,
    Grade,
    GridFactor,
    Notice,
    Operator,
    Option,
    Parameter,
    QuotaRow,
    Reading,
    Setting,
    Source,
    Threshold,
)
from xunshui.register.overlay import Overlay, OverlayInvalid
from xunshui.register.read import (
    NOTICES,
    FormInvalid,
    application_form,
    attachment_kinds,
    bodies,
    directions,
    discharge_limits,
    form_from,
    grid_factors,
    is_known,
    parameters,
    read_overlay,
    recommendation_form,
    register,
)
from xunshui.register.round import Register

__all__ = [
    "GRADE_TITLES",
    "NOTICES",
    "AttachmentKind",
    "Choice",
    "Clause",
    "Column",
    "Direction",
    "DischargeLimit",
    "Field",
    "FieldType",
    "Form",
    "FormInvalid",
    "Grade",
    "GridFactor",
    "Notice",
    "Operator",
    "Option",
    "Overlay",
    "OverlayInvalid",
    "Parameter",
    "QuotaRow",
    "Reading",
    "RecommendingBody",
    "Register",
    "Section",
    "Setting",
    "Source",
    "Threshold",
    "application_form",
    "attachment_kinds",
    "bodies",
    "directions",
    "discharge_limits",
    "form_from",
    "grid_factors",
    "is_known",
    "parameters",
    "read_overlay",
    "recommendation_form",
    "register",
]
