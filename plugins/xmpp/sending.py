"""Sending over the held line, and knowing what became of it.

A component gets no answer to a message. A server deals with stanzas in the order in which they come
(RFC 6120, 10.1), so each message is followed by a question to the server: its answer, whichever,
says that the message before was taken. What the server gives back comes before that answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from time import monotonic
from xml.etree.ElementTree import Element

from deskcore.api import N_
from deskcore.plugin import ChannelFailure, PartResult, Refused, TryLater, Unsure
from plugins.xmpp import names
from plugins.xmpp.elements import local
from plugins.xmpp.line import BROKEN, Line, add, stanza
from plugins.xmpp.manners import bounced
from plugins.xmpp.words import condition_of, meaning_of

ANSWER_S = 20.0  # shorter than a channel's timeout


@dataclass
class Question:
    """Something whose answer a thread waits for: set by whoever reads the line."""

    answered: threading.Event = field(default_factory=threading.Event)
    answer: Element | None = None
    error: Element | None = None


class Exchange:
    """Questions and messages that are under way on one line, by their ids."""

    def __init__(self, line: Line, component: str) -> None:
        self.line = line
        self.component = component
        self.keeper: str | None = None  # of files, once somebody has asked
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._prefix = token_hex(4)
        self._waiting: dict[str, Question] = {}
        self._has_ended = False

    def ask(self, to: str, query: Element, *, patience_s: float = ANSWER_S) -> Element:
        """Ask a question and return its answer, an error or not; raises TryLater."""
        iq, question = self._question(to)
        iq.append(query)
        try:
            self.line.write(iq)
            return self._answer(question, patience_s)
        finally:
            self._forget(iq)

    def send(
        self, messages: list[Element], server: str, committing: Callable[[], None]
    ) -> PartResult:
        """Send messages that belong together, in one piece; raises what became of them."""
        iq, question = self._question(server)
        add(iq, "ping", names.PING)
        with self._lock:
            self._waiting.update((each.get("id", ""), question) for each in messages)
        try:
            committing()
            try:
                self.line.write(*messages, iq)
                self._answer(question, ANSWER_S)
            except TryLater as failure:
                raise Unsure(
                    N_("The line broke before the server had said that it has the message.")
                ) from failure
        finally:
            self._forget(iq, *messages)
        if question.error is not None:
            _raise_for(question.error)
        return PartResult(status="accepted", external_id=messages[0].get("id", ""))

    def take(self, found: Element) -> bool:
        """Give an answer to whoever waits for it; False when nobody does."""
        if found.get("type") not in {"result", "error"}:
            return False
        with self._lock:
            question = self._waiting.get(found.get("id", ""))
        if question is None:
            return local(found) == "iq"  # too late, or none of ours: nobody is interested
        if local(found) == "message":
            question.error = question.error if question.error is not None else found
            return True
        question.answer = found
        question.answered.set()
        return True

    def end(self) -> None:
        """Let everybody who waits know that no answer will come."""
        with self._lock:
            self._has_ended = True
            waiting = list(self._waiting.values())
        for question in waiting:
            question.answered.set()

    def _question(self, to: str) -> tuple[Element, Question]:
        name = f"q-{self._prefix}-{next(self._numbers)}"
        iq = stanza("iq", sender=self.component, to=to, type="get", id=name)
        question = Question()
        with self._lock:
            if self._has_ended:
                raise TryLater(BROKEN)
            self._waiting[name] = question
        return iq, question

    def _answer(self, question: Question, patience_s: float) -> Element:
        self._wait(question, patience_s)
        if question.answer is None:
            raise TryLater(BROKEN if self._has_ended else N_("The XMPP server does not answer."))
        return question.answer

    def _wait(self, question: Question, patience_s: float) -> None:
        """Wait for whoever reads the line."""
        question.answered.wait(patience_s)

    def _forget(self, *asked: Element) -> None:
        with self._lock:
            for each in asked:
                self._waiting.pop(each.get("id", ""), None)


class Visit(Exchange):
    """A line of a moment, which nobody else reads: what arrives is given back to its sender."""

    def _wait(self, question: Question, patience_s: float) -> None:
        until = monotonic() + patience_s
        while not question.answered.is_set() and (left := until - monotonic()) > 0:
            found = self.line.read(left)
            if found is None or self.take(found):
                continue
            if local(found) == "message" and found.get("type") != "error":
                self.line.write(bounced(found))


def _raise_for(error: Element) -> None:
    """Raise what a message that came back at once means; the server has it no more."""
    condition, may_pass = condition_of(error)
    failure: ChannelFailure = Refused(meaning_of(condition))
    if may_pass:
        failure = TryLater(meaning_of(condition))
    raise failure
