"""Documents: what people read, print and file. One report of an assessment in four forms, and the charts in it.

The report is prepared once as content, the verdict first, and drawn as an HTML page that needs nothing beside
itself, as PDF, as a Word file or as a workbook. A machine that cannot draw charts still writes every form; the
remedy stands in the chart's place.

>>> from xunshui.assess import assess
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "示例厂", "kind": "enterprise", "industry": "3120",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "U", "name": "净环"}],
...   "streams": [{"id": "a", "from": "env", "to": "U", "kind": "surface", "volume_m3": {"2023": 20}},
...               {"id": "b", "from": "U", "to": "U", "kind": "circulating_indirect", "volume_m3": {"2023": 980}}]}''')
>>> page = html_report(assess(site))
>>> "98.00" in page, "<script" in page
(True, False)
"""

from xunshui.documents.docx import docx_report
from xunshui.documents.draw import ChartsUnavailable
from xunshui.documents.html import html_report
from xunshui.documents.pdf import PdfUnavailable, pdf_report
from xunshui.documents.report import Report, report_of
from xunshui.documents.write import UnknownForm, write_report
from xunshui.documents.xlsx import xlsx_report

__all__ = [
    "ChartsUnavailable",
    "PdfUnavailable",
    "Report",
    "UnknownForm",
    "docx_report",
    "html_report",
    "pdf_report",
    "report_of",
    "write_report",
    "xlsx_report",
]
