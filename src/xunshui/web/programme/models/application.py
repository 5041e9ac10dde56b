"""An application: its sections, its submitted versions, its partners and its files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xunshui.review import APPLICATION, ApplicationState
from xunshui.web.accounts.models import APPLICANT_KINDS, Organisation, OrganisationKind
from xunshui.web.programme.models.round import Round
from xunshui.web.programme.models.states import known_state, needs, state_field

_S = ApplicationState
HANDED_IN = tuple(state for state in _S if state is not _S.DRAFT)
RECOMMENDED_ON = (
    _S.RECOMMENDED,
    _S.SCREENED_OUT,
    _S.IN_REVIEW,
    _S.SELECTED,
    _S.NOT_SELECTED,
    _S.ON_NOTICE,
    _S.STRUCK,
    _S.PUBLISHED,
    _S.DELISTED,
)
HIDDEN_UNTIL_RELEASE = (_S.SELECTED, _S.NOT_SELECTED)
"""States that only the ministry sees until the whole list is released."""


class Direction(models.TextChoices):
    """The five directions of the notice, 一（一）–（五）."""

    D1 = "D1", "用水过程循环"
    D2 = "D2", "区域产城融合"
    D3 = "D3", "智慧用水管控"
    D4 = "D4", "技术装备创新"
    D5 = "D5", "减污降碳协同"


PARTS = ("sections", "attachments", "partners__organisation")
"""What an application is made of, to be fetched at once where all of it is read."""


class Application(models.Model):
    """One case that an organisation applies with in a round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    number = models.CharField("编号", max_length=16, unique=True)
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    body = models.CharField("推荐单位代码", max_length=12, db_index=True)
    case_name = models.CharField("案例名称", max_length=120)
    direction = models.CharField("方向", max_length=2, choices=Direction.choices)
    kind = models.CharField("类别", max_length=20, choices=[(k.value, k.label) for k in APPLICANT_KINDS])
    industry = models.CharField("行业代码", max_length=4, blank=True)
    city = models.CharField("市县", max_length=60, blank=True)
    state = state_field(APPLICATION)
    fast_track = models.BooleanField("2022 年试点直通", default=False)
    created_at = models.DateTimeField("新建时间")
    committed_at = models.DateTimeField("承诺签署时间", null=True, blank=True)
    committed_by = models.CharField("承诺签署人", max_length=200, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    correction_due = models.DateTimeField("补正截止", null=True, blank=True)
    return_reason = models.TextField("退回或不予推荐的理由", blank=True)
    truth_checked_at = models.DateTimeField("真实性核查", null=True, blank=True)
    indicators_checked_at = models.DateTimeField("指标符合性核查", null=True, blank=True)
    on_site_on = models.DateField("现场核查日期", null=True, blank=True)
    on_site_note = models.TextField("现场核查记录", blank=True)
    remarks = models.JSONField("逐项核查意见", default=dict, blank=True)
    opinion = models.TextField("推荐意见", blank=True)
    rank = models.PositiveSmallIntegerField("排序", null=True, blank=True)
    recommended_at = models.DateTimeField("推荐时间", null=True, blank=True)
    decision_reason = models.TextField("结果说明", blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    delisted_at = models.DateTimeField("移出时间", null=True, blank=True)

    class Meta:
        """A state is tied to the facts that make it true."""

        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["state", "published_at", "delisted_at"], name="application_shelf")
        ]
        constraints: ClassVar = [
            known_state(APPLICATION),
            needs(
                "application_handed_in",
                HANDED_IN,
                submitted_at__isnull=False,
                committed_at__isnull=False,
            ),
            needs("application_recommended", RECOMMENDED_ON, recommended_at__isnull=False),
            needs("application_published", (_S.PUBLISHED, _S.DELISTED), published_at__isnull=False),
            needs("application_delisted", (_S.DELISTED,), delisted_at__isnull=False),
            models.UniqueConstraint(
                fields=["round", "applicant", "case_name"], name="application_once_a_round"
            ),
        ]

    def __str__(self) -> str:
        """Return number and case."""
        return f"{self.number} {self.case_name}"

    @property
    def chain(self) -> str:
        """Return the round's chain in the trail."""
        return self.round.chain

    @property
    def subject(self) -> str:
        """Return the name of this application in the trail."""
        return f"application/{self.number}"

    @property
    def answers(self) -> dict[str, Any]:
        """Return what is filled in now, by section."""
        return {row.section: row.answers for row in self.sections.all()}

    @property
    def proofs(self) -> list[Attachment]:
        """Return the proof documents that nobody has taken out."""
        return [row for row in self.attachments.all() if row.removed_at is None]

    @property
    def usable_proofs(self) -> list[Attachment]:
        """Return the proof documents that the scan has not rejected."""
        return [row for row in self.proofs if row.state != FileState.REJECTED]

    @property
    def submission(self) -> Submission | None:
        """Return the last submitted version."""
        return self.submissions.order_by("-no").first()

    @property
    def can_be_edited(self) -> bool:
        """Return whether the applicant may change answers."""
        return self.state in (_S.DRAFT, _S.RETURNED)

    def state_seen(self, *, by_ministry: bool) -> str:
        """Return the state as it may be told: the outcome stays hidden until the list is released."""
        if self.state in HIDDEN_UNTIL_RELEASE and not by_ministry and not self.round.is_decided_in_public:
            return _S.IN_REVIEW
        return self.state

    def state_title(self, *, by_ministry: bool = False) -> str:
        """Return the title of the state as it may be told."""
        return APPLICATION.states[self.state_seen(by_ministry=by_ministry)]


class SectionAnswers(models.Model):
    """What is typed into one section; `version` goes up with each save, so that two editors meet."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    section = models.CharField("章节", max_length=30)
    answers = models.JSONField("答案", default=dict)
    version = models.PositiveIntegerField("版本", default=1)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.CharField("保存人", max_length=200)

    class Meta:
        """A section of an application stands once."""

        ordering: ClassVar = ["section"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "section"], name="section_once")
        ]

    def __str__(self) -> str:
        """Return which section in which version."""
        return f"{self.application.number} {self.section} v{self.version}"


class Submission(models.Model):
    """A version as it was handed in: answers, rules, assessment; never changed afterwards."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    no = models.PositiveSmallIntegerField("版次")
    at = models.DateTimeField("提交时间")
    by = models.CharField("提交人", max_length=200)
    answers = models.JSONField("答案")
    site = models.JSONField("站点数据", null=True)
    assessment = models.JSONField("评估结果", null=True)
    form_version = models.CharField("表样版本", max_length=120)
    rule_version = models.CharField("规则版本", max_length=120)
    digest = models.CharField("摘要", max_length=80)

    class Meta:
        """A version number is given once."""

        ordering: ClassVar = ["application", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "no"], name="submission_no_once")
        ]

    def __str__(self) -> str:
        """Return which version of which application."""
        return f"{self.application.number} 第 {self.no} 版"


class Partner(models.Model):
    """A joint applicant: it confirms its share itself, with its own seal."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    role = models.CharField("角色", max_length=60)
    share = models.CharField("承担工作", max_length=300, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.CharField("确认人", max_length=200, blank=True)

    class Meta:
        """An organisation joins an application once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "organisation"], name="partner_once")
        ]

    def __str__(self) -> str:
        """Return who joined."""
        return f"{self.organisation}（{self.role}）"


class FileState(models.TextChoices):
    """Whether a file may be opened by others."""

    QUARANTINED = "quarantined", "待扫描"
    CLEAN = "clean", "可用"
    REJECTED = "rejected", "已拒绝"


class Attachment(models.Model):
    """A proof document P01–P20 with its file; the file is reached through a checked download only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    code = models.CharField("类别", max_length=3)
    title = models.CharField("名称", max_length=120)
    issuer = models.CharField("出具单位", max_length=120, blank=True)
    issued_on = models.DateField("出具日期", null=True, blank=True)
    supports = models.JSONField("支撑的字段", default=list, blank=True)
    file = models.FileField("文件", upload_to="attachments/%Y/%m/")
    file_name = models.CharField("原文件名", max_length=200)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=80)
    state = models.CharField("状态", max_length=12, choices=FileState.choices, default=FileState.QUARANTINED)
    finding = models.CharField("扫描结果", max_length=200, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传人", max_length=200)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        """In the order of the list of documents."""

        ordering: ClassVar = ["code", "id"]

    def __str__(self) -> str:
        """Return the document."""
        return f"{self.code} {self.title}"


KIND_TITLES = {kind.value: kind.label for kind in OrganisationKind}
