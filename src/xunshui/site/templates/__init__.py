"""Templates: one site for each class of applicant, to start a file of one's own from.

Every template is a whole site that reads, closes in every unit and year, and says in its assumptions
that its figures are examples. A plant starts from the one nearest to it and replaces the figures.

>>> names()[0], TITLES["steel"]
('steel', '钢铁联合企业')
>>> template("data_centre").kind
<SiteKind.DATA_CENTRE: 'data_centre'>
"""

from xunshui.site.templates.read import TITLES, UnknownTemplate, names, template

__all__ = ["TITLES", "UnknownTemplate", "names", "template"]
