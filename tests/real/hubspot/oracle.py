"""The same account by hand: SQL over the CSV files as they are, in a database of their own."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

Rows = set[tuple[Any, ...]]

_PIPELINES = (
    "CASE property_hs_pipeline WHEN '1486381' THEN 'onboarding' WHEN '1626124' THEN 'requests' ELSE 'returns' END"
)
REPORTS = {
    "companies_by_country": """
        SELECT nullif(property_country, ''), count(*), sum(property_annualrevenue) * 100 FROM company_data
        WHERE is_deleted = 'false' GROUP BY 1
    """,
    "tickets_by_stage": f"""
        SELECT {_PIPELINES}, 's_' || property_hs_pipeline_stage, count(*) FROM ticket_data GROUP BY 1, 2
    """,
    "deals_by_owner": """
        SELECT CASE WHEN owner_id != '' THEN 'owner_' || owner_id END, count(*)
        FROM (SELECT owner_id FROM deal_data UNION ALL SELECT '' FROM (SELECT DISTINCT deal_id FROM deal_stage_data))
        GROUP BY 1
    """,
    "mails_by_cause": """
        SELECT kind, cause, count(*) FROM (
            SELECT 'bounce' AS kind, lower(category) AS cause FROM email_event_bounce_data
            UNION ALL SELECT 'dropped', lower(drop_reason) FROM email_event_dropped_data
            UNION ALL SELECT 'deferred', NULL FROM email_event_deferred_data
            UNION ALL SELECT 'spam_report', NULL FROM email_event_spam_report_data
            UNION ALL SELECT 'status_change', lower(portal_subscription_status) FROM email_event_status_change_data
        ) x GROUP BY 1, 2
    """,
    "meetings_by_month": """
        SELECT substr(start_time, 1, 7) || '-01', lower(source), count(*) FROM engagement_meeting_data GROUP BY 1, 2
    """,
    "opens_by_month": """
        SELECT substr(created, 1, 7) || '-01', count(*) FROM email_event_data
        WHERE type = 'OPEN' AND filtered_event = 'false' GROUP BY 1
    """,
}
SEGMENTS = {
    **{
        f"list_{number}": f"""
            SELECT contact_id FROM contact_list_member_data
            WHERE contact_list_id = '{number}' AND _fivetran_deleted = 'false'
        """
        for number in (38, 268, 1070)
    },
    "on_a_list": "SELECT contact_id FROM contact_list_member_data WHERE _fivetran_deleted = 'false'",
    "opened": "SELECT recipient FROM email_event_data WHERE type = 'OPEN' AND filtered_event = 'false'",
    "converted": "SELECT contact_id FROM contact_form_submission_data",
    "waits_for_us": "SELECT id FROM ticket_data WHERE property_first_agent_reply_date = ''",
}
COUNTS = {
    "company": "SELECT id FROM company_data WHERE is_deleted = 'false'",
    "contact": """
        SELECT id FROM contact_data UNION SELECT contact_id FROM contact_list_member_data
        UNION SELECT contact_id FROM contact_form_submission_data UNION SELECT recipient FROM email_event_data
    """,
    "deal": "SELECT deal_id FROM deal_data UNION SELECT deal_id FROM deal_stage_data",
    "ticket": "SELECT id FROM ticket_data",
    "meeting": "SELECT DISTINCT engagement_id FROM engagement_meeting_data",
    "note": "SELECT DISTINCT engagement_id FROM engagement_note_data",
    "task": "SELECT DISTINCT engagement_id FROM engagement_task_data",
    "segue_user": "SELECT DISTINCT owner_id FROM owner_data",
}


class Account:
    """Every table of the folder under its own name; every cell is text."""

    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(":memory:")
        for file in sorted(folder.glob("*.csv")):
            with file.open(encoding="utf-8", newline="") as lines:
                header, *rows = csv.reader(lines)
            name = file.stem.removesuffix("_data") + "_data"
            columns = ", ".join(f'"{column}"' for column in header)
            self.database.execute(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" * len(header))
            self.database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    def rows(self, sql: str) -> Rows:
        return set(self.database.execute(sql).fetchall())

    def count(self, sql: str) -> int:
        return int(self.database.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0])
