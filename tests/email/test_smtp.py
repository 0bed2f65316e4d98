"""Mail handed to a real Postfix: who gets it, what is said of each, when there is no way back."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deskcore.domain.messages import Address
from deskcore.plugin import Payload, Refused, Secret, SignInFailed, TryLater, Unsure
from tests.email.accounts import outbound
from tests.email.conftest import Connect
from tests.servers.postfix import Postfix


class Commitments:
    """Counts how often the point of no return was passed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def payload(sender: str, *recipients: str, content: bytes = b"") -> Payload:
    head = f"From: {sender!a}\r\nMessage-ID: <1.desk.test>\r\nSubject: x\r\n\r\n".encode()
    return Payload(
        part="mail",
        content=head + (content or b"Hello\r\n"),
        recipients=recipients,
        meta={"envelope_from": sender},
    )


def test_rendered_answer_arrives_with_the_bytes_that_were_made(
    postfix: Postfix, connect: Connect
) -> None:
    sender = "arrives@desk.test"
    desk = connect(sender)
    message = outbound(
        external_id="d.arrives@desk.test",
        sender=Address(value=sender),
        to=(Address(value="ann-arrives@customer.test", name="Анна"),),
        bcc=(Address(value="secret-arrives@customer.test"),),
        text="one\n.\n..two\n.three\nконец",
    )
    (mail,) = desk.render(message)
    committing = Commitments()
    result = desk.send(mail, key="1", committing=committing)
    assert committing.count == 1
    assert {part.status for part in result.parts.values()} == {"accepted"}
    (transaction,) = postfix.wait_for(sender=sender)
    assert set(transaction.recipients) == {
        "ann-arrives@customer.test",
        "secret-arrives@customer.test",
    }
    stored = postfix.content(transaction).replace(b"\r\n", b"\n")
    assert stored.endswith(mail.content.replace(b"\r\n", b"\n"))
    assert b"secret-arrives" not in stored.partition(b"\n\n")[0].partition(b"From:")[2]


def test_refused_recipient_does_not_keep_the_mail_from_the_others(
    postfix: Postfix, connect: Connect
) -> None:
    sender = "partly@desk.test"
    recipients = ("refused@x.test", "later@x.test", "good-partly@x.test")
    result = connect(sender).send(payload(sender, *recipients), key="1", committing=Commitments())
    assert [result.parts[one].status for one in recipients] == ["refused", "later", "accepted"]
    assert "550 5.1.1" in result.parts["refused@x.test"].detail
    (transaction,) = postfix.wait_for(sender=sender)
    assert transaction.recipients == ("good-partly@x.test",)


@pytest.mark.parametrize(
    ("recipients", "failure"),
    [
        (("refused@x.test",), Refused),
        (("later@x.test",), TryLater),
        (("refused@x.test", "later@x.test"), TryLater),
    ],
)
def test_all_recipients_refused_means_nothing_was_committed(
    postfix: Postfix, connect: Connect, recipients: tuple[str, ...], failure: type[Exception]
) -> None:
    sender = "all-refused@desk.test"
    committing = Commitments()
    with pytest.raises(failure):
        connect(sender).send(payload(sender, *recipients), key="1", committing=committing)
    assert committing.count == 0
    assert postfix.transactions(sender=sender) == []


def test_mail_over_the_servers_limit_is_refused_with_the_limit_named(
    postfix: Postfix, connect: Connect
) -> None:
    sender = "big@desk.test"
    big = payload(sender, "a@x.test", content=b"x" * 60 + b"\r\n" + b"y" * 53_000_000)
    committing = Commitments()
    with pytest.raises(Refused, match="52 MB"):
        connect(sender).send(big, key="1", committing=committing)
    assert committing.count == 0


def test_failure_to_commit_takes_the_mail_back(postfix: Postfix, connect: Connect) -> None:
    sender = "taken-back@desk.test"

    def committing() -> None:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        connect(sender).send(payload(sender, "a@x.test"), key="1", committing=committing)
    # A later mail is through: the first would be too if it had been taken.
    connect("after-taken-back@desk.test").send(
        payload("after-taken-back@desk.test", "a@x.test"), key="2", committing=Commitments()
    )
    postfix.wait_for(sender="after-taken-back@desk.test")
    assert postfix.transactions(sender=sender) == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_and_signed_in(
    postfix: Postfix,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    sender = f"smtp-{security}@desk.test"
    port = postfix.tls_port if security == "tls" else postfix.submission_port
    options = {"smtp_port": port, "smtp_security": security, "smtp_sign_in": True}
    desk = connect(sender, **options)
    with pytest.raises(TryLater, match="certificate"):
        desk.send(payload(sender, "a@x.test"), key="1", committing=Commitments())
    monkeypatch.setenv("SSL_CERT_FILE", postfix.ca_file)
    desk.send(payload(sender, "a@x.test"), key="1", committing=Commitments())
    assert len(postfix.wait_for(sender=sender)) == 1
    wrong = connect(sender, **options, smtp_password=Secret("hunter2-secret"))
    with pytest.raises(SignInFailed) as caught:
        wrong.send(payload(sender, "a@x.test"), key="1", committing=Commitments())
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"
    unchecked = connect(sender, **options, verify=False)
    monkeypatch.delenv("SSL_CERT_FILE")
    unchecked.send(payload(sender, "a@x.test"), key="1", committing=Commitments())


@pytest.mark.parametrize(
    "address",
    [
        "a@x.test>\r\nRCPT TO:<b@x.test",
        "a\0@x.test",
        "a b@x.test",
        "a@x.test, b@x.test",
        "",
        "@x",
        "a@x.test> SIZE=1",
        "<a@x.test>",
        "\ud800@x.test",
    ],
)
def test_address_that_could_become_a_command_is_refused(
    postfix: Postfix, connect: Connect, address: str
) -> None:
    sender = "hostile@desk.test"
    with pytest.raises(Refused):
        connect(sender).send(payload(sender, address), key="1", committing=Commitments())
    with pytest.raises(Refused):
        connect(sender).send(payload(address, "a@x.test"), key="1", committing=Commitments())
    assert postfix.transactions(sender=sender) == []


def test_letters_beyond_ascii_in_an_address_are_sent_where_the_server_can(
    postfix: Postfix, connect: Connect
) -> None:
    sender = "utf8@desk.test"
    desk = connect(sender)
    message = outbound(sender=Address(value=sender), to=(Address(value="анна@x.test"),))
    (mail,) = desk.render(message)
    assert desk.send(mail, key="1", committing=Commitments()).parts["анна@x.test"].status == (
        "accepted"
    )


class Script(socketserver.BaseRequestHandler):
    """An SMTP server that does what a test wants after the end of a mail."""

    after_end: bytes | None = None

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        self.request.sendall(b"220 script\r\n")
        in_data = False
        for line in stream:
            if in_data:
                if line == b".\r\n":
                    if self.after_end is None:
                        return
                    self.request.sendall(self.after_end)
                    in_data = False
                continue
            verb = line[:4].upper()
            in_data = verb == b"DATA"
            self.request.sendall(b"354 go\r\n" if in_data else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@contextmanager
def scripted(after_end: bytes | None) -> Iterator[int]:
    handler = type("Handler", (Script,), {"after_end": after_end})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_lost_answer_after_the_end_is_unsure(connect: Connect) -> None:
    committing = Commitments()
    with scripted(None) as port:
        desk = connect("lost@desk.test", smtp_port=port)
        with pytest.raises(Unsure):
            desk.send(payload("lost@desk.test", "a@x.test"), key="1", committing=committing)
    assert committing.count == 1


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (b"451 4.3.0 not now\r\n", TryLater, "451 4.3.0 not now"),
        (b"554 5.7.1 looks like spam\r\n", Refused, "554 5.7.1 looks like spam"),
        (b"552 5.3.4 too big\r\n", Refused, "larger than the mail server takes"),
    ],
)
def test_answer_after_the_end_decides(
    connect: Connect, answer: bytes, failure: type[Exception], words: str
) -> None:
    committing = Commitments()
    with scripted(answer) as port:
        desk = connect("decides@desk.test", smtp_port=port)
        with pytest.raises(failure, match=words):
            desk.send(payload("decides@desk.test", "a@x.test"), key="1", committing=committing)
    assert committing.count == 1


def test_id_that_a_provider_puts_in_place_of_ours_is_kept(connect: Connect) -> None:
    answer = b"250 2.0.0 OK <AM0PR01@eurprd01.prod.outlook.com> [Hostname=AM0]\r\n"
    with scripted(answer) as port:
        desk = connect("replaced@desk.test", smtp_port=port)
        result = desk.send(
            payload("replaced@desk.test", "a@x.test"), key="1", committing=Commitments()
        )
    assert result.parts["a@x.test"].external_id == "AM0PR01@eurprd01.prod.outlook.com"


def test_nobody_listening_means_try_later(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        desk = connect("nobody@desk.test", smtp_port=unused.getsockname()[1])
        with pytest.raises(TryLater):
            desk.send(payload("nobody@desk.test", "a@x.test"), key="1", committing=Commitments())
