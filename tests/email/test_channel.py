"""The channel as core and an owner see it: the test of a mailbox, its settings, a way there and back."""

from __future__ import annotations

import pytest

from deskcore.domain.messages import Address, InboundMessage
from deskcore.plugin import HealthCheck, Secret, SignInFailed
from deskcore.plugin.settings import fields
from deskcore.plugin.stored import check as problems_of
from plugins.email import desk_channels
from plugins.email.channel import EmailChannel
from plugins.email.checks import cure
from plugins.email.connect import Server
from plugins.email.settings import EmailSettings
from tests.email.accounts import mail, outbound
from tests.email.conftest import Connect
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

SECRET = "hunter2-secret"


def make(**changed: object) -> EmailSettings:
    values = {
        "imap_host": "imap.shop.test",
        "imap_user": "help@shop.test",
        "password": Secret(SECRET),
        "smtp_host": "smtp.shop.test",
    }
    return EmailSettings(**(values | changed))  # type: ignore[arg-type]  # each test says its own


def failing(checks: list[HealthCheck]) -> list[HealthCheck]:
    return [check for check in checks if not check.ok]


def test_plugin_offers_the_channel() -> None:
    assert desk_channels() == [EmailChannel]


def test_mailbox_that_works_passes_its_test_and_nothing_changes(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("works@desk.test")
    box.deliver([mail(1), mail(2)])
    before = box.flags()
    checks = connect("works@desk.test").check()
    assert failing(checks) == []
    said = " ".join(check.message for check in checks)
    assert "2 mails are in it" in said
    assert "tells of new mail at once" in said
    assert "mails of up to 52 MB" in said
    assert "can be read on the way" in said
    assert box.flags() == before


@pytest.mark.parametrize(
    ("changed", "message", "advice"),
    [
        ({"password": Secret(SECRET)}, "refused the user name or the password", "whole address"),
        ({"imap_port": 1}, "does not answer", "IMAP 993 with TLS"),
        ({"smtp_port": 1}, "does not answer", "465 with TLS"),
        ({"imap_security": "tls"}, "did not start encryption", "other kind of encryption"),
        ({"smtp_security": "starttls"}, "does not offer STARTTLS", "other kind of encryption"),
        ({"folders": "Inobx"}, "“Inobx” is not on", "spelling"),
        ({"after_import": "move", "move_to": "Done"}, "“Done” is not on", "make the folder"),
        ({"imap_host": "name.invalid"}, "cannot be found", "spelling of the server name"),
        ({"smtp_sign_in": True}, "offers no sign-in", "password"),
    ],
)
def test_each_fault_is_told_in_a_sentence_with_what_to_do(
    dovecot: Dovecot, connect: Connect, changed: dict[str, object], message: str, advice: str
) -> None:
    dovecot.mailbox("faulty@desk.test").deliver([mail(1)])
    (check,) = failing(connect("faulty@desk.test", **changed).check())
    assert message in check.message
    assert advice in check.cure
    assert SECRET not in repr(check)


def test_google_is_told_to_want_an_app_password() -> None:
    gmail = Server(host="imap.gmail.com", port=993, security="tls")
    assert "app password" in cure(SignInFailed("no"), gmail)
    microsoft = Server(host="outlook.office365.com", port=993, security="tls")
    assert "comes in a later version" in cure(SignInFailed("no"), microsoft)


def test_answer_to_our_own_mail_carries_our_token_and_our_id(
    dovecot: Dovecot, postfix: Postfix, connect: Connect
) -> None:
    sender, customer = "round@desk.test", "ann-round@customer.test"
    desk = connect(sender, reply_tokens=True)
    message = outbound(
        external_id="d.kX3vQ9mB1zL0aTfW7yRn2A@desk.test",
        sender=Address(value=sender),
        to=(Address(value=customer, name="Анна"),),
        text="Добрый день, Řehoř!",
    )
    (payload,) = desk.render(message)
    desk.send(payload, key="1", committing=lambda: None)
    postfix.wait_for(sender=sender)
    (item,) = connect(customer).receive(None)
    (parsed,) = desk.parse(item)
    assert isinstance(parsed, InboundMessage)
    assert parsed.subject == "Re: Objednávka"
    assert "Добрый день, Řehoř!" in parsed.text
    keys = desk.thread_keys(parsed)
    assert keys.own == message.external_id
    assert message.token in keys.tokens


def test_secrets_show_themselves_nowhere(dovecot: Dovecot, connect: Connect) -> None:
    desk = connect("secrets@desk.test", password=Secret(SECRET))
    assert SECRET not in repr((desk, desk.account, vars(desk)))


def test_good_settings_have_no_problems() -> None:
    assert problems_of(make()) == []
    assert problems_of(make(folders="INBOX, Orders ,INBOX")) == []
    assert make(folders="INBOX, Orders ,INBOX").folder_names == ("INBOX", "Orders")


@pytest.mark.parametrize("character", ["\0", "\r", "\n"])
@pytest.mark.parametrize(
    "name", [field.name for field in fields(EmailSettings) if field.kind in {"text", "secret"}]
)
def test_line_break_in_any_setting_is_a_problem(name: str, character: str) -> None:
    value = f"INBOX{character}A1 LOGOUT"
    changed = make(**{name: Secret(value) if "password" in name else value})
    assert [problem.field for problem in problems_of(changed)] == [name]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"folders": " , "}, "folders"),
        ({"after_import": "move"}, "move_to"),
        ({"after_import": "move", "move_to": "INBOX"}, "move_to"),
        ({"imap_security": "none"}, "imap_security"),
        ({"smtp_security": "starttls"}, "smtp_security"),
    ],
)
def test_settings_that_do_not_fit_together_are_named(
    changed: dict[str, object], field: str
) -> None:
    assert [problem.field for problem in problems_of(make(**changed))] == [field]


def test_sending_uses_the_reading_password_unless_it_has_its_own() -> None:
    assert make().smtp_credentials == ("help@shop.test", Secret(SECRET))
    own = make(smtp_user="other", smtp_password=Secret("x"))
    assert own.smtp_credentials == ("other", Secret("x"))
    assert make(smtp_sign_in=False).smtp_credentials is None
