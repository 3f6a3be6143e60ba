"""The reports of the sales pipeline by hand: SQL over the CSV files as they are, in a database of their own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd

_QUARTER = """substr(close_date, 1, 5) || CASE WHEN substr(close_date, 6, 2) <= '03' THEN '01'
    WHEN substr(close_date, 6, 2) <= '06' THEN '04' WHEN substr(close_date, 6, 2) <= '09' THEN '07' ELSE '10' END
    || '-01'"""
# Amounts in cents, as the store has them; months and quarters by their first day.
_QUERIES = {
    "board": """
        SELECT lower(deal_stage), count(*), sum(coalesce(close_value, 0)) * 100 FROM pipeline GROUP BY 1
        ORDER BY CASE lower(deal_stage) WHEN 'prospecting' THEN 1 WHEN 'engaging' THEN 2 WHEN 'won' THEN 3 ELSE 4 END
    """,
    "won_by_month": """
        SELECT substr(close_date, 1, 7) || '-01', sum(close_value) * 100, count(*), round(avg(close_value * 100), 9)
        FROM pipeline WHERE deal_stage = 'Won' GROUP BY 1 ORDER BY 1
    """,
    "managers": f"""
        SELECT t.manager, {_QUARTER}, sum(close_value) * 100, count(*), max(close_value) * 100
        FROM pipeline p JOIN teams t ON t.sales_agent = p.sales_agent WHERE deal_stage = 'Won' GROUP BY 1, 2
    """,
    "best_agents": """
        SELECT sales_agent, sum(close_value) * 100, count(*) FROM pipeline WHERE deal_stage = 'Won' GROUP BY 1
        ORDER BY 2 DESC, 1 LIMIT 10
    """,
    "series": """
        SELECT r.series, lower(deal_stage), count(*), round(avg(close_value * 100), 9), min(close_value) * 100,
            max(close_value) * 100
        FROM pipeline p JOIN products r ON r.product = CASE p.product WHEN 'GTXPro' THEN 'GTX Pro' ELSE p.product END
        WHERE deal_stage IN ('Won', 'Lost') GROUP BY 1, 2 ORDER BY 3 DESC
    """,
    "begun_by_week": """
        SELECT date(engage_date, '-' || ((strftime('%w', engage_date) + 6) % 7) || ' days'), count(*)
        FROM pipeline WHERE engage_date IS NOT NULL GROUP BY 1 ORDER BY 1
    """,
}
_QUARTERS = f"""
    SELECT {_QUARTER}, sum(close_value) * 100 FROM pipeline WHERE deal_stage = 'Won' GROUP BY 1 ORDER BY 1
"""
_MONTHS = """
    SELECT substr(engage_date, 1, 7) || '-01', count(*) FROM pipeline WHERE engage_date IS NOT NULL GROUP BY 1
"""
_TABLES = {"pipeline": "sales_pipeline.csv", "teams": "sales_teams.csv", "products": "products.csv"}


def answers(folder: Path) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The rows of each report, and of those with a target what each of its periods came to."""
    with sqlite3.connect(":memory:") as database:
        for table, file in _TABLES.items():
            pd.read_csv(folder / file).to_sql(table, database, index=False)
        rows = {name: database.execute(sql).fetchall() for name, sql in _QUERIES.items()}
        periods = {"won_by_month": _QUARTERS, "begun_by_week": _MONTHS}
        return rows, {name: database.execute(sql).fetchall() for name, sql in periods.items()}
