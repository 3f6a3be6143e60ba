"""The four projects: what they read, and from when until when they run."""

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
ALL = (OLIST, OPPORTUNITIES, CDNOW, CLICKSTREAM)
