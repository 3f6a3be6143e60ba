"""Which page a record has: contacts, companies and what stands in a pipeline have pages of their own."""

from __future__ import annotations

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from .card_page import CardPage
from .company import CompanyScreen
from .contact import ContactScreen
from .record import RecordScreen


def page_of(desk: Desk, of: str, id_: int) -> DeskScreen:
    match of:
        case "contact":
            return ContactScreen(desk, id_)
        case "company":
            return CompanyScreen(desk, of, id_)
        case _ if desk.schema.pipelines_of(of):
            return CardPage(desk, of, id_)
    return RecordScreen(desk, of, id_)
