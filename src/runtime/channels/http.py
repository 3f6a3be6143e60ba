"""Webhooks and Slack: JSON posted to addresses that only the environment knows.

Every call carries its outbox key as `Idempotency-Key`. A webhook that may have arrived is called again: by its key the
other side knows it. Slack knows no keys: there, what may have arrived is not sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .base import SENT, Message, Outcome, Result

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

_CALLERS = 4  # calls under way at once
_PATIENCE = 20.0  # seconds
_MOST_SILENT = 3  # calls in a row without an answer: then an address is left alone for a while
_REST = 30.0  # seconds
_SECOND = 1_000_000
_LONGEST = 24 * 3600  # seconds that a Retry-After may ask for
_LONG = 1 << 16  # bytes of an answer that are worth a connection
_DIGITS = 20  # of a number of seconds: what is longer is too long, and Python reads no number of 5,000
_LATER = frozenset((408, 425, 429))
Address = tuple[str, str]  # kind and name, as in segue.yaml: ("webhook", "erp")


class HttpChannel:
    """`variables` names the environment variable of each address."""

    def __init__(
        self,
        variables: Mapping[Address, str],
        environment: Mapping[str, str] = os.environ,
        patience: float = _PATIENCE,
    ) -> None:
        self.variables, self.patience = dict(variables), patience
        self._urls = {address: environment.get(name, "") for address, name in variables.items()}
        self._staged: dict[str, Message] = {}
        self._client: AsyncClient | None = None
        self._runner = asyncio.Runner()
        self._silent: dict[Address, int] = {}
        self._rests: dict[Address, tuple[float, str]] = {}

    @classmethod
    def of(cls, channels: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> HttpChannel:
        """From `channels` of segue.yaml: `slack` and `webhook`."""
        found: dict[Address, str] = {}
        for kind in ("slack", "webhook"):
            entries = channels.get(kind, {})
            assert isinstance(entries, Mapping)
            found |= {(kind, name): entry["env"] for name, entry in entries.items()}
        return cls(found, environment)

    def problems(self) -> list[str]:
        """Addresses that nothing can be sent to, in words that do not tell them."""
        return [self._problem(address) for address in self.variables if not self._usable(address)]

    def _usable(self, address: Address) -> bool:
        return _is_http(self._urls.get(address, ""))

    def _problem(self, address: Address) -> str:
        kind, name = address
        variable = self.variables.get(address)
        if variable is None:
            return f"{kind} `{name}` is not in segue.yaml any more: what goes there waits"
        wrong = "is no http address" if self._urls[address] else "is not set"
        return f"{kind} `{name}`: the environment variable {variable} {wrong}; what goes there waits"

    def stage(self, messages: Sequence[Message]) -> None:
        self._staged.update((message.key, message) for message in messages)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        messages = [self._staged.pop(key) for key in keys if key in self._staged]
        return self._runner.run(self._publish(messages)) if messages else {}

    async def _publish(self, messages: Sequence[Message]) -> dict[str, Result]:
        waiting = deque(messages)
        results: dict[str, Result] = {}

        async def caller() -> None:
            while waiting:
                message = waiting.popleft()
                results[message.key] = await self._call(message)

        await asyncio.gather(*(caller() for _ in range(_CALLERS)))
        return results

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        """Of what was handed over nothing is known afterwards."""
        return {key: "staged" for key in keys if key in self._staged}

    def close(self) -> None:
        if self._client is not None:
            self._runner.run(self._client.aclose())
        self._runner.close()

    def _opened(self) -> AsyncClient:
        if self._client is None:
            from httpx2 import AsyncClient

            self._client = AsyncClient(timeout=self.patience, follow_redirects=False)
        return self._client

    async def _call(self, message: Message) -> Result:
        address = (message.kind, message.name)
        if not self._usable(address):
            return Result("later", self._problem(address))
        until, why = self._rests.get(address, (0.0, ""))
        if time.monotonic() < until:
            return Result("later", why)
        result, answered = await self._asked(message, f"{message.kind} `{message.name}`")
        self._heard(address, answered, result.words)
        return result

    def _heard(self, address: Address, answered: bool, words: str) -> None:
        """One that is down, or silent, would hold all else up for as long as our patience times its calls."""
        silent = self._silent[address] = 0 if answered else self._silent.get(address, 0) + 1
        if silent >= _MOST_SILENT:
            self._rests[address] = time.monotonic() + _REST, words

    async def _asked(self, message: Message, called: str) -> tuple[Result, bool]:
        """What came of a call, and whether it was answered."""
        from httpx2 import ConnectError, ConnectTimeout, HTTPError, InvalidURL, PoolTimeout, UnsupportedProtocol

        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key, "User-Agent": "segue"}
        url = self._urls[(message.kind, message.name)]
        try:
            request = self._opened().build_request("POST", url, content=message.body, headers=headers)
            # The client's patience is for each piece of an answer: one that trickles would never end.
            async with asyncio.timeout(2 * self.patience):
                answer = await self._opened().send(request, stream=True)
            await self._read(answer)
            return _judged(answer, called), True
        except (ConnectError, ConnectTimeout, PoolTimeout):
            return Result("later", f"{called} cannot be reached"), False
        except (InvalidURL, UnsupportedProtocol):
            return Result("later", f"{called} has an address that is none"), False
        except (HTTPError, TimeoutError) as problem:
            words = f"{called} gave no answer ({type(problem).__name__})"
            result = Result("later", words) if message.kind == "webhook" else Result("unknown", words, "no_answer")
            return result, False

    async def _read(self, answer: Response) -> None:
        """To its end, so that the connection serves the next call. Its code says all: what is long or slow is left."""
        from httpx2 import HTTPError

        length = 0
        with contextlib.suppress(HTTPError, TimeoutError):
            async with asyncio.timeout(self.patience), contextlib.aclosing(answer):
                async for piece in answer.aiter_raw():
                    length += len(piece)
                    if length > _LONG:
                        return


def _is_http(url: str) -> bool:
    try:
        return url.startswith(("https://", "http://")) and urlsplit(url).port != 0  # above 65,535 it raises
    except ValueError:
        return False


def _judged(answer: Response, called: str) -> Result:
    """2xx is done; an answer that says `not now` is later; any other is no."""
    code = answer.status_code
    if 200 <= code < 300:
        return SENT
    words = f"{called} answered {code}"
    if code in _LATER or code >= 500:
        return Result("later", words, after=retry_after(answer.headers.get("Retry-After", "")))
    return Result("refused", words, "http_refused")


def retry_after(value: str) -> int:
    """µs to wait by a Retry-After header: seconds, or a date; 0 where it says nothing that makes sense."""
    try:
        if value.strip().isdecimal():
            return min(int(value.strip()[:_DIGITS]), _LONGEST) * _SECOND
        moment: datetime = parsedate_to_datetime(value)
        return int(min(max(moment.timestamp() - time.time(), 0), _LONGEST)) * _SECOND
    except (TypeError, ValueError, OverflowError):
        return 0
