"""The five projects: what they read, and from when until when they run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Project:
    """A folder here, and the folder of its data. `files`: (file, map), imported in this order."""

    name: str
    data: str
    zone: str
    files: tuple[tuple[str, str], ...]
    first: tuple[int, int, int]
    last: tuple[int, int, int]  # up to its first instant

    @property
    def start(self) -> datetime:
        return datetime(*self.first, tzinfo=ZoneInfo(self.zone))

    @property
    def until(self) -> datetime:
        return datetime(*self.last, tzinfo=ZoneInfo(self.zone))


OLIST = Project(
    "olist",
    "olist",
    "America/Sao_Paulo",
    (("olist_marketing_qualified_leads_dataset.csv", "leads"), ("olist_closed_deals_dataset.csv", "deals")),
    (2017, 6, 14),
    (2018, 11, 15),
)
OPPORTUNITIES = Project(
    "opportunities",
    "crm-opportunities",
    "America/New_York",
    (
        ("sales_teams.csv", "teams"),
        ("products.csv", "products"),
        ("accounts.csv", "accounts"),
        ("sales_pipeline.csv", "deals"),
    ),
    (2016, 10, 1),
    (2018, 3, 1),
)
CDNOW = Project(
    "cdnow", "cdnow", "America/New_York", (("CDNOW_master.txt.gz", "purchases"),), (1997, 1, 1), (1998, 7, 10)
)
CLICKSTREAM = Project(
    "clickstream", "clickstream", "Europe/Berlin", (("ecom.csv.gz", "events"),), (2024, 1, 1), (2024, 8, 15)
)
HUBSPOT = Project(
    "hubspot",
    "hubspot",
    "UTC",
    (
        ("owner_data.csv", "owners"),
        ("company_data.csv", "companies"),
        ("contact_data.csv", "contacts"),
        ("deal_data.csv", "deals"),
        ("deal_stage_data.csv", "deal_stages"),
        ("ticket_data.csv", "tickets"),
        ("contact_list_member_data.csv", "list_members"),
        ("engagement_meeting_data.csv", "meetings"),
        ("engagement_note_data.csv", "notes"),
        ("engagement_task_data.csv", "tasks"),
        ("contact_form_submission_data.csv", "form_submissions"),
        ("email_event_data.csv", "mails"),
        ("email_event_bounce_data.csv", "bounces"),
        ("email_event_dropped_data.csv", "drops"),
        ("email_event_deferred_data.csv", "deferred"),
        ("email_event_spam_report_data.csv", "spam_reports"),
        ("email_event_status_change_data.csv", "status_changes"),
    ),
    (2014, 1, 1),
    (2025, 1, 1),
)
ALL = (OLIST, OPPORTUNITIES, CDNOW, CLICKSTREAM, HUBSPOT)
