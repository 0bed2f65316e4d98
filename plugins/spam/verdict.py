"""What the filter says to a message, with its reasons in words; nothing while it knows too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from deskcore.api import N_, SYSTEM, InboundMessage, Verdict
from deskcore.api.data import history_of, reading, settings_of
from deskcore.plugin import Judgement, Reason
from plugins.spam import memory
from plugins.spam.bans import Ban, ban_of
from plugins.spam.bayes import UNKNOWN, Seen, clues, combine
from plugins.spam.settings import FEWEST_LESSONS, SLUG, SpamSettings
from plugins.spam.tables import TOTALS
from plugins.spam.tokens import FACT, answers_elsewhere, digest, tokens

FEWEST_CLUES = 5  # a word or two decide nothing, however spammy
NAMED = 6  # words or domains in a reason; the rest says little
_FACTS = {
    FACT + "bulk": N_("It is sent in bulk."),
    FACT + "not proved": N_("The sender’s address was not proved."),
    FACT + "no words": N_("It has no words, only pictures."),
}


def judge(message: InboundMessage) -> Judgement | None:
    """Return a ban's verdict, else the filter's, else None."""
    with reading() as session:
        ban = ban_of(session, message.sender.value)
        totals = memory.recall(session)[TOTALS]
    if ban is not None:
        return Judgement(verdict=Verdict.BANNED, reasons=(_of_ban(ban),))
    if min(totals.spam, totals.ham) < FEWEST_LESSONS:
        return None
    settings = settings_of(SLUG, SpamSettings)
    if min(totals.spam, totals.ham) < settings.lessons_needed:
        return None
    return _opinion(message, settings)


def _opinion(message: InboundMessage, settings: SpamSettings) -> Judgement | None:
    by_digest = {digest(token): token for token in tokens(message)}
    with reading() as session:
        seen = memory.recall(session, by_digest)
    totals = seen[TOTALS]
    found = clues({by_digest[one]: seen[one] for one in by_digest}, totals)
    if len(found) < FEWEST_CLUES:
        return None
    percent = combine(list(found.values())) * 100
    is_filed = settings.files_spam and percent >= settings.spam_from
    if not is_filed and not (settings.warns and percent >= settings.warn_from):
        return None
    history = history_of(SYSTEM, message.sender.value)
    if history.answered and message.verified is not False:
        return None  # somebody we talk to; a forger of their address is told by the check
    reasons = [*_reasons(message, found), _of_sum(percent, totals)]
    if not history.tickets:
        reasons.insert(-1, Reason(text=N_("This address has not written before.")))
    return Judgement(verdict=Verdict.SPAM if is_filed else Verdict.ACCEPT, reasons=tuple(reasons))


def _reasons(message: InboundMessage, found: Mapping[str, float]) -> Iterator[Reason]:
    """Say which clues spoke for spam, the strongest first."""
    spammy = [token for token, p in found.items() if p > UNKNOWN]
    plain = [token.removeprefix("subject:") for token in spammy]
    words = [word for word in dict.fromkeys(plain) if ":" not in word][:NAMED]
    hosts = _narrowest(token.removeprefix("link:") for token in spammy if token.startswith("link:"))
    if words:
        text = N_("Words seen mostly in spam: %(words)s.")
        yield Reason(text=text, values={"words": ", ".join(words)})
    if hosts:
        text = N_("Its links lead to where those of spam led: %(hosts)s.")
        yield Reason(text=text, values={"hosts": ", ".join(hosts[:NAMED])})
    if any(token.startswith("from:") for token in spammy):
        yield Reason(text=N_("Spam came from this domain before."))
    for fact, text in _FACTS.items():
        if fact in spammy:
            yield Reason(text=text)
    if FACT + "answers elsewhere" in spammy:
        text = N_("Answers would go elsewhere: %(domain)s.")
        yield Reason(text=text, values={"domain": answers_elsewhere(message)})


def _narrowest(domains: Iterable[str]) -> list[str]:
    """Leave out a domain when one below it is there: it says the same."""
    found = list(domains)
    return [one for one in found if not any(each.endswith(f".{one}") for each in found)]


def _of_sum(percent: float, totals: Seen) -> Reason:
    return Reason(
        text=N_("%(percent)s%% sure, after %(spam)s spam and %(ham)s other tickets."),
        values={
            "percent": f"{min(percent, 99.9):.3g}",
            "spam": str(totals.spam),
            "ham": str(totals.ham),
        },
    )


def _of_ban(ban: Ban) -> Reason:
    return Reason(
        text=N_("%(who)s is banned (%(name)s, %(day)s): %(reason)s"),
        values={
            "who": ban.who,
            "name": ban.by_name,
            "day": ban.at.date().isoformat(),
            "reason": ban.reason,
        },
    )
