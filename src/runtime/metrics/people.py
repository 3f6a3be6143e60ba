"""How a contact is named in figures and tables: SQL over `p`, the contact's row, and `t`, a row with its bucket and
contact_id. They want the contact and company of the standard CRM."""

from __future__ import annotations

from ..store.names import both_names

# full_name of the standard CRM: names, else the address, else "#id". After deletion the id is all there is (M24).
NAME = (
    f"COALESCE(NULLIF(TRIM({both_names('p.first_name', 'p.last_name')}), ''), p.email, "
    "'#' || CAST(t.contact_id AS TEXT))"
)

# The primary company: contact -> company is to-one.
COMPANY = (
    "(SELECT c.name FROM link_contact_company l JOIN company c ON c.bucket = l.to_bucket AND c.id = l.to_id "
    "WHERE l.bucket = t.bucket AND l.id = t.contact_id ORDER BY l.at DESC, l.to_id LIMIT 1)"
)
