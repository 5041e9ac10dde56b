"""The demo's cast: the ministry, 37 departments, associations, experts, and applicants as they are needed."""

from __future__ import annotations

from random import Random

from xunshui.register import bodies
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership, Organisation, OrganisationKind, Part, Person
from xunshui.web.project.demo.names import Names

HOME_BODY = "32"
"""The department whose officer, company and park can be entered as."""

_ASSOCIATIONS = ("示例钢铁工业协会", "示例石化联合会", "示例造纸协会", "示例印染行业协会", "示例工业节水协会")
_KIND_OF_TEMPLATE = {"park": OrganisationKind.PARK, "data_centre": OrganisationKind.DATA_CENTRE}


class Cast:
    """Everyone who acts in the demo, each as the actor that the verbs take."""

    def __init__(self, seed: int) -> None:
        """Make the bodies and their people; applicants and experts follow by their own methods."""
        self.random = Random(seed)
        self.names = Names()
        self.places = {body.code: body.short_name for body in bodies()}
        self.ministry = self._official(OrganisationKind.MINISTRY, "工业和信息化部（演示）", "", "ministry")
        self.provinces = {
            body.code: self._official(
                OrganisationKind.PROVINCE,
                f"{body.name}{body.department}（演示）",
                body.code,
                "province" if body.code == HOME_BODY else f"province-{body.code}",
            )
            for body in bodies()
        }
        self.associations = [
            self._official(
                OrganisationKind.ASSOCIATION, name, "", f"association-{number}" if number else "association"
            )
            for number, name in enumerate(_ASSOCIATIONS)
        ]
        self.partner = self._coded(
            OrganisationKind.PROVIDER, "江苏听泉示例水处理技术有限公司", HOME_BODY, "partner"
        )
        self._applicants = 0

    def applicant(self, template: str, body: str, username: str = "") -> Actor:
        """Return a new applicant of a trade in a body's area; it can be entered as where it has a user name."""
        kind = _KIND_OF_TEMPLATE.get(template, OrganisationKind.ENTERPRISE)
        name = self.names.applicant(template, self.places[body])
        self._applicants += 1
        registry = "12" if kind is OrganisationKind.PARK else "91"
        return self._coded(kind, name, body, username or f"applicant-{self._applicants}", registry)

    def person(self, username: str) -> Person:
        """Return a new person who has no password: a demo is entered by a click, and only there."""
        return Person.objects.create_user(username=username, password=None, name=self.names.person())

    def _official(self, kind: OrganisationKind, name: str, region: str, username: str) -> Actor:
        organisation = Organisation.objects.create(name=name, kind=kind, region=region, verified=True)
        return self._acting(organisation, username)

    def _coded(
        self, kind: OrganisationKind, name: str, region: str, username: str, registry: str = "91"
    ) -> Actor:
        code = self.names.credit_code(region, registry=registry)
        organisation = Organisation(name=name, kind=kind, credit_code=code, region=region, verified=True)
        organisation.full_clean()
        organisation.save()
        return self._acting(organisation, username)

    def _acting(self, organisation: Organisation, username: str) -> Actor:
        person = self.person(username)
        Membership.objects.create(person=person, organisation=organisation, part=Part.SIGNATORY)
        return Actor(person=person, organisation=organisation, signs=True)
