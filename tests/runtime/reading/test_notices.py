"""What rules told people: the newest first, of one user, of nobody, of everybody; pages cut by key."""

from __future__ import annotations

from runtime.reading import Pages
from runtime.reading.notices import Notice, count_notices, notices, page_of_notices, place_of_notice
from runtime.reading.tasks import NOBODY
from runtime.store.session import Session

_USERS = ("mia", "tom", None)


def _told(session: Session) -> list[tuple[int, str, str | None]]:
    """Two for each of thirty enrollments, of three at one instant: (when, id, whom), the newest first."""
    found = session.run("SELECT bucket, id, contact_id FROM segue_enrollment ORDER BY bucket, id LIMIT 30")
    told = []
    with session.transaction():
        for i, (bucket, enrollment, contact) in enumerate(found):
            for ordinal in (901, 902):
                at, user = 1_000 * (i // 3) + ordinal, _USERS[i % 3]
                session.run(
                    "INSERT INTO segue_notification (bucket, enrollment_id, ordinal, contact_id, recipient, words, at)"
                    " VALUES (:b, :e, :o, :c, :user, 'look', :at)",
                    b=bucket, e=enrollment, o=ordinal, c=contact, user=user, at=at,
                )  # fmt: skip
                told.append((at, (bucket, enrollment, ordinal), user))
    newest = sorted(told, key=lambda one: one[:2], reverse=True)
    return [(at, ".".join(map(str, key)), user) for at, key, user in newest]


def _seen(found: list[Notice]) -> list[tuple[int, str, str | None]]:
    return [(notice.at, notice.id, notice.user) for notice in found]


def test_each_sees_what_they_were_told(session: Session) -> None:
    assert notices(session) == (0, [])
    told = _told(session)
    for whose, name in ((None, None), ("mia", "mia"), (NOBODY, None)):
        wanted = [one for one in told if whose is None or one[2] == name]
        count, found = notices(session, whose, 0)
        assert (count, _seen(found)) == (len(wanted), wanted)
        assert _seen(notices(session, whose, 7)[1]) == wanted[:7]
    assert notices(session, "nobody-here") == (0, [])
    names = dict(session.run("SELECT id, email FROM contact"))
    assert all(found.contact and found.words == "look" and found.contact_id in names for found in notices(session)[1])


def test_pages_are_those_of_the_whole_list_from_both_ends(session: Session) -> None:
    told = [one for one in _told(session) if one[2] == "tom"]

    def fetch(after, back, skip, limit):
        return page_of_notices(session, "tom", limit, skip, after, back)

    pages = Pages(count_notices(session, "tom"), fetch, place_of_notice)
    for offset in (0, 6, 12, 3, 17, 15, 9):
        assert _seen(pages(offset, 4)) == told[offset : offset + 4]
