"""Clients of the capture door: they try until they are told 202, and remember what they were told on disk."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

TIMEOUT = 5.0
AGAIN_AFTER = 0.1
PATIENCE = 600.0  # a door that stays shut for so long does not open again


def body(number: int) -> bytes:
    """What inquirer `number` says: every tenth has been here before, some can't be reached, a third is ready to buy."""
    who = number - 7 if number % 10 == 9 else number
    said = {"name": f"Cleo {_letters(who)}", "email": f"cleo.{who}@soak-{who % 500}.example"}
    if number % 50 == 3:
        said = {"note": f"nobody can answer this, {number}"}
    elif number % 3 == 0:
        said |= {"company": f"Soak {_letters(who % 500)} GmbH", "title": "Head of Operations", "phone": _phone(who)}
        said |= {"budget": "40,000", "timing": "this quarter"}
    return json.dumps(said).encode()


class Clients:
    """Threads that deliver so many per second together, each delivery with an idempotency key of its own.

    A client that was slow or had to repeat is followed by the next at once, so the rate is kept on average. Every
    twentieth delivery is repeated although it was answered, as a sender does who lost the answer.
    """

    def __init__(self, port: int, token: str, folder: Path, *, per_second: float, threads: int = 8) -> None:
        self._port, self._per_second, self._folder = port, per_second, folder
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._numbers = itertools.count()
        self._began = time.monotonic()
        self._stop = threading.Event()
        self._failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(threads)]

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def finish(self) -> dict[str, set[str]]:
        """Let everybody finish what is in hand; return the ids that were told for each key, as they lie on disk."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        assert self._failed == []
        told: dict[str, set[str]] = {}
        for path in self._folder.glob("told-*"):
            for line in path.read_text().splitlines():
                key, submission_id = line.split()
                told.setdefault(key, set()).add(submission_id)
        return told

    def _run(self, thread: int) -> None:
        try:
            self._send(thread)
        except BaseException as error:
            self._failed.append(error)
            self._stop.set()

    def _send(self, thread: int) -> None:
        with (self._folder / f"told-{thread}").open("a") as told:
            while not self._stop.is_set():
                number = next(self._numbers)
                self._stop.wait(max(0.0, self._began + number / self._per_second - time.monotonic()))
                for _ in range(2 if number % 20 == 0 else 1):
                    told.write(f"soak-{number} {self._deliver(number)}\n")
                    told.flush()
                    os.fsync(told.fileno())

    def _deliver(self, number: int) -> str:
        """Until it is answered, also after the end has come: a client does not give up its inquiry."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                status, answer = self._post(number)
                if status == 202:
                    return str(json.loads(answer)["id"])
                assert status >= 500, f"delivery {number} was refused: {status} {answer!r}"
            time.sleep(AGAIN_AFTER)
        raise AssertionError(f"delivery {number} was not taken within {PATIENCE:.0f} s")

    def _post(self, number: int) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            headers = {**self._headers, "Idempotency-Key": f"soak-{number}"}
            connection.request("POST", "/api/capture/api", body(number), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:05d}")


def _phone(number: int) -> str:
    return f"+49 30 {1_000_000 + number}"
