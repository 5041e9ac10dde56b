"""Kill the server while people save and hand in, start it again, and ask whether everything acknowledged is there."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.applicants import Applicant, applicants_in
from bench.records import background_of, integrity_of, versions_of
from bench.server import Browser, Server

EARLIEST_S, LATEST_S = 0.4, 2.5
"""When after the first request the server is killed [s]."""
ACKNOWLEDGED = 302


@dataclass(slots=True)
class Client:
    """One applicant that acts as fast as it is answered; `acknowledged` counts what the server said yes to."""

    applicant: Applicant
    begun: int = 0
    acknowledged: int = 0
    errors: list[str] = field(default_factory=list)

    def save(self, browser: Browser) -> None:
        """Save the section once more, with the number of this save in it."""
        self.begun += 1
        version = self.begun  # the draft was filled in once before
        fields = {"version": str(version), "background": f"save {self.begun}"}
        status, answer = browser.post(f"/apply/{self.applicant.number}/s/narrative/", fields)
        self._count(status, answer)

    def hand_in(self, browser: Browser) -> None:
        """Take back what may be handed in already, and hand in once more: a version of its own."""
        browser.post(f"/apply/{self.applicant.number}/withdraw/", {})
        self.begun += 1
        status, answer = browser.post(f"/apply/{self.applicant.number}/submit/", {})
        self._count(status, answer)

    def _count(self, status: int, answer: str) -> None:
        if status == ACKNOWLEDGED:
            self.acknowledged += 1
        else:
            self.errors.append(f"{status} {answer[:200]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What one kill came to: acts acknowledged before it, what was lost, and how the records are."""

    acknowledged: int
    lost: tuple[str, ...]
    integrity: str
    errors: tuple[str, ...]
    restart_s: float


class Killing:
    """A server and the applicants that ask it, over as many kills as wanted."""

    def __init__(self, home: Path, *, savers: int, submitters: int, seed: int = 0) -> None:
        """Make the records."""
        made = applicants_in(home, savers + submitters)
        self._savers = [Client(applicant) for applicant in made[:savers]]
        self._submitters = [Client(applicant) for applicant in made[savers:]]
        self._random = Random(seed)
        self._server = Server(home)
        self._server.start()
        for client in self._submitters:
            Browser(self._server.port, session=client.applicant.session).post(
                f"/apply/{client.applicant.number}/commit/", {}
            )

    def once(self) -> Killed:
        """Let everyone act, kill at a random moment, start again and compare."""
        before = self._acknowledged()
        threads = [threading.Thread(target=self._act, args=(client,)) for client in self._clients()]
        for thread in threads:
            thread.start()
        time.sleep(self._random.uniform(EARLIEST_S, LATEST_S))
        self._server.kill()
        for thread in threads:
            thread.join()
        lost = tuple(self._lost())
        integrity = integrity_of(self._server.home)
        self._take_up_again()
        return Killed(
            acknowledged=self._acknowledged() - before,
            lost=lost,
            integrity=integrity,
            errors=tuple(error for client in self._clients() for error in client.errors),
            restart_s=self._server.start(),
        )

    def end(self) -> None:
        """Stop the server."""
        self._server.stop()

    def _clients(self) -> list[Client]:
        return [*self._savers, *self._submitters]

    def _acknowledged(self) -> int:
        return sum(client.acknowledged for client in self._clients())

    def _act(self, client: Client) -> None:
        browser = Browser(self._server.port, session=client.applicant.session)
        act = client.save if client in self._savers else client.hand_in
        while True:
            try:
                act(browser)
            except OSError:
                return

    def _lost(self) -> list[str]:
        """Return what was acknowledged and is not there, and what is there twice."""
        home, lost = self._server.home, []
        for client in self._savers:
            found = background_of(home, client.applicant.number)
            if not client.acknowledged <= found <= client.begun:
                lost.append(f"{client.applicant.number}: save {client.acknowledged}, found {found}")
        for client in self._submitters:
            found = versions_of(home, client.applicant.number)
            if not client.acknowledged <= found <= client.begun:
                lost.append(f"{client.applicant.number}: version {client.acknowledged}, found {found}")
        return lost

    def _take_up_again(self) -> None:
        """Go on from what is there: the act in flight may have been written without being acknowledged."""
        for client in self._savers:
            client.begun = client.acknowledged = background_of(self._server.home, client.applicant.number)
        for client in self._submitters:
            client.begun = client.acknowledged = versions_of(self._server.home, client.applicant.number)
