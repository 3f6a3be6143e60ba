"""All contacts; found by address, name, id or external id."""

from __future__ import annotations

from .room import RecordsScreen


class ContactsScreen(RecordsScreen):
    heading = "Contacts"
    object = "contact"
