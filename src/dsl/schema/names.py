"""Which names a schema may give: what the language and the store can bear (architecture.md, "The store")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

from ..diagnostics import Label
from ..source import Span
from .problems import Problems
from .words import words

MOST_BYTES = 63  # PostgreSQL cuts longer names off without a word
_WORD = re.compile(r"[^\W\d]\w*\Z")

# Reserved everywhere in rule files (semantics.md, "Syntax notes"); a property of this name could not be written.
LANGUAGE_WORDS = words(
    "ago and any at between business changed contains else ends every expect fell given has in is matches "
    "never no not older or rose since starts was within"
)

# The engine quotes every name. These are refused for the people who query the store by hand: without quotes
# PostgreSQL or SQLite read them as something else, `select user from contact` even without an error.
SQL_WORDS = words(
    "add all alter analyse analyze and any array as asc asymmetric authorization autoincrement between binary "
    "both case cast check collate collation column commit concurrently constraint create cross current_catalog "
    "current_date current_role current_schema current_time current_timestamp current_user default deferrable "
    "delete desc distinct do drop else end escape except exists false fetch for foreign freeze from full grant "
    "group having ilike in index initially inner insert intersect into is isnull join lateral leading left like "
    "limit localtime localtimestamp natural not nothing notnull null offset on only or order outer overlaps "
    "placing primary references returning right select session_user set similar some symmetric system_user "
    "table tablesample then to trailing transaction true union unique update user using values variadic "
    "verbose when where window with"
)

# Columns of our own in the tables made from a schema, and columns the databases hide in every table.
_OUR_COLUMNS = frozenset(("bucket", "id", "external_id"))
_EVENT_COLUMNS = frozenset(("contact", "record_id", "at", "class", "enrollment_id", "ordinal"))
_HIDDEN_COLUMNS = words("rowid oid _rowid_ tableoid xmin cmin xmax cmax ctid")
_TABLE_PREFIXES = ("segue_", "event_", "link_", "idx_", "sqlite_", "pg_")
_OUR_VIEWS = frozenset(("timeline",))


class Named(Enum):
    """What a name is given to: each is stored elsewhere and so has limits of its own."""

    OBJECT = "object"
    PROPERTY = "property"
    ASSOCIATION = "association"
    EVENT = "event"
    FIELD = "field"
    LINK_TAG = "link tag"
    PIPELINE = "pipeline"
    TOPIC = "topic"
    CALENDAR = "calendar"
    USER = "user"
    TEAM = "team"


_STORED = {
    Named.OBJECT: "{}",
    Named.PROPERTY: "{}__n",  # the column beside a text property that comparisons read (X31)
    Named.FIELD: "{}__n",
    Named.EVENT: "event_{}",
    Named.LINK_TAG: "link_{}__n",
}
# Stored as values, not as names of tables or columns.
_VALUES = frozenset((Named.PIPELINE, Named.TOPIC, Named.CALENDAR, Named.USER, Named.TEAM))


def nfc(name: str) -> str:
    """A name as the language reads it: text is NFC everywhere."""
    return unicodedata.normalize("NFC", name)


def check_name(name: str, what: Named, span: Span, problems: Problems) -> bool:
    """Whether the name may be given; if not, one diagnostic says why."""
    fault = _fault(name, what)
    if fault is None:
        return True
    code, reason, help = fault
    problems.error(code, f"`{name}` cannot be the name of {_article(what)}: {reason}", span, help=help)
    return False


def _article(what: Named) -> str:
    return f"an {what.value}" if what.value[0] in "aeo" else f"a {what.value}"


def _fault(name: str, what: Named) -> tuple[str, str, str] | None:
    folded = name.casefold()
    if not _WORD.match(name):
        return "bad-name", "it is no single word", "use letters, digits and `_`, a letter first"
    if folded in LANGUAGE_WORDS:
        return "reserved-name", "it is a word of the language", f"call it `{name}_` or better, say more"
    if what in _VALUES:
        return _too_long(name, "{}")
    # An event is stored as event_NAME and an association as link_OBJECT_NAME: no word of SQL any more.
    if folded in SQL_WORDS and what not in (Named.EVENT, Named.LINK_TAG, Named.ASSOCIATION):
        return "reserved-name", "SQL keeps this word for itself", f"say more, for example `{name}_name`"
    return _taken(folded, what) or _too_long(name, _STORED.get(what, "{}"))


def _taken(folded: str, what: Named) -> tuple[str, str, str] | None:
    reserved = "reserved-name"
    if folded.startswith("segue_") or (what is Named.OBJECT and folded.startswith(_TABLE_PREFIXES)):
        prefix = folded.split("_", 1)[0]
        return reserved, f"names that begin with `{prefix}_` belong to the store", f"leave `{prefix}_` out"
    if what is Named.OBJECT and folded in _OUR_VIEWS:
        return reserved, "the store has a view of this name", f"say more, for example `{folded}_entry`"
    if what in (Named.PROPERTY, Named.FIELD):
        if folded.endswith("__n"):
            return reserved, "names that end in `__n` belong to the store", "leave `__n` out"
        if folded in _OUR_COLUMNS | _HIDDEN_COLUMNS or (what is Named.FIELD and folded in _EVENT_COLUMNS):
            return reserved, "the store has a column of this name", f"say more, for example `{folded}_number`"
    if what is Named.FIELD and folded.startswith("link_"):
        return reserved, "`link_` stands for the link tags of a click", "leave `link_` out"
    return None


def _too_long(name: str, stored: str) -> tuple[str, str, str] | None:
    size, most = len(name.encode()), MOST_BYTES - len(stored.format(""))
    if size <= most:
        return None
    return "name-too-long", f"it has {size} bytes, at most {most} fit into the store", "choose a shorter one"


def check_cases(names: Iterable[tuple[str, Span]], what: Named, problems: Problems) -> None:
    """Names that differ only in case or width: SQLite and readers take them for one."""
    first: dict[str, tuple[str, Span]] = {}
    for name, span in names:
        folded = unicodedata.normalize("NFKC", name).casefold()
        known, where = first.setdefault(folded, (name, span))
        if known != name:
            message = f"{what.value} `{name}` differs from `{known}` only in upper and lower case"
            other = Label(where, "the other one") if where.file else None
            problems.error("names-differ-in-case", message, span, other=other, help="give it another name")
