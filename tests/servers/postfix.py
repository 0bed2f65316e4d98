"""Postfix: a real SMTP server that keeps everything: every domain is its own, nothing leaves.

Mail for any address goes by LMTP into that address's mailbox on Dovecot. Some local parts are
answered as real servers answer in trouble:

``refused@``   550 at RCPT
``later@``     450 at RCPT, as greylisting does
``bounce@``    accepted, then returned to the sender by a real delivery report; ``gone@`` likewise,
               without a name that programs know

A forgetful Postfix takes headers away, see :func:`start`.

``port`` needs no sign-in, ``submission_port`` wants STARTTLS and a sign-in as on Dovecot,
``tls_port`` the same with TLS from the start.
"""

from __future__ import annotations

import os
import re
import smtplib
import time
from dataclasses import dataclass, field, replace
from email.parser import BytesHeaderParser
from pathlib import Path

from tests.servers import rundir
from tests.servers.certificates import server_certificate
from tests.servers.dovecot import PASSWORD, Dovecot, mailbox_in
from tests.servers.processes import free_ports, run, spawn, wait_until

PROGRAMS = "/usr/lib/postfix/sbin"

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {programs}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.desk.test
myorigin = desk.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = regexp:{folder}/etc/transport
default_transport = error:nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/etc/recipients, permit
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_reject_unlisted_recipient = no
smtpd_error_sleep_time = 0
in_flow_delay = 0
message_size_limit = 52428800
mailbox_size_limit = 0
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
"""

# Columns: service, type, private, unprivileged, chroot, wake-up, limit, command.
MASTER = """
127.0.0.1:{smtp} inet n - n - 60 smtpd
127.0.0.1:{submission} inet n - n - 20 smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps} inet n - n - 20 smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - 10 lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

RECIPIENTS = """
/^refused@/ 550 5.1.1 No such user here
/^later@/ 450 4.7.1 Greylisted, come again later
"""
TRANSPORT = "/^(bounce|gone)@/ error:5.1.1 No such user here after all\n"

FORGETFUL = "header_checks = regexp:{folder}/etc/headers\n"
FORGOTTEN = "/^(auto-submitted|precedence|list-.*|references|in-reply-to|reply-to|x-.*):/ IGNORE\n"

LOG_LINE = re.compile(r" postfix/\w+\[\d+\]: ([0-9A-F]{6,}): (.*)")
MESSAGE_ID = re.compile(r"message-id=<(.*)>$")
FROM = re.compile(r"from=<(.*?)>, size=\d+, nrcpt=(\d+)")
TO = re.compile(r"to=<(.*?)>, .*\bstatus=(\w+)")


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One mail that Postfix took: who sent it to whom, and what became of each recipient.

    ``outcomes`` maps a recipient to ``sent``, ``bounced`` or ``deferred`` and lacks those the
    mail is still on its way to.``addressed`` is how many recipients the envelope has.
    """

    queue_id: str
    message_id: str = ""
    sender: str = ""
    addressed: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return the recipients of the envelope, in the order Postfix handled them."""
        return tuple(self.outcomes)

    @property
    def is_settled(self) -> bool:
        """Tell whether every recipient has its outcome."""
        return 0 < self.addressed == len(self.outcomes)


@dataclass(frozen=True, kw_only=True)
class Postfix(rundir.Server):
    """The running SMTP server."""

    port: int
    submission_port: int
    tls_port: int
    mail_folder: str
    ca_file: str
    host: str = "127.0.0.1"
    password: str = PASSWORD

    def transactions(self, *, sender: str | None = None) -> list[Transaction]:
        """Return what was taken in this run, oldest first, by the server's own log.

        *sender* is the envelope's; tests that run at once keep apart by using their own.
        """
        found = _transactions(self.log_lines())
        return [each for each in found if sender is None or each.sender == sender]

    def wait_for(self, *, sender: str, count: int = 1, timeout_s: float = 30) -> list[Transaction]:
        """Return the mails of *sender* when there are *count* and each has come to an end."""
        deadline = time.monotonic() + timeout_s
        while True:
            found = self.transactions(sender=sender)
            if len(found) >= count and all(each.is_settled for each in found):
                return found
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{count} mails of {sender} were expected, these came: {found}"
                )
            time.sleep(0.05)

    def content(self, transaction: Transaction) -> bytes:
        """Return the bytes of the mail as its first recipient's mailbox has them."""
        for recipient in transaction.recipients:
            for mail in mailbox_in(Path(self.mail_folder), _mailbox_of(recipient)).mails():
                message_id = BytesHeaderParser().parsebytes(mail.content)["Message-ID"] or ""
                if message_id.strip() == f"<{transaction.message_id}>":
                    return mail.content
        raise AssertionError(f"no recipient has the mail of {transaction}")


def start(folder: Path, dovecot: Dovecot, *, is_forgetful: bool = False) -> Postfix:
    """Start Postfix in *folder*; wait until it answers.

    A forgetful one takes every header away by which a program could tell that a mail came from a
    program, or what it answers.
    """
    smtp, submission, smtps = free_ports(3)
    ca_file, certificate, key = server_certificate()
    etc = folder / "etc"
    for name in ("etc", "queue", "data", "log"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        run(["chown", "postfix", str(folder / "data")])
    values = {
        "folder": folder,
        "programs": PROGRAMS,
        "certificate": certificate,
        "key": key,
        "lmtp": dovecot.lmtp_port,
        "auth": dovecot.auth_port,
        "smtp": smtp,
        "submission": submission,
        "smtps": smtps,
    }
    forgets = FORGETFUL.format(**values) if is_forgetful else ""
    (etc / "main.cf").write_text(MAIN.format(**values) + forgets)
    (etc / "headers").write_text(FORGOTTEN)
    (etc / "master.cf").write_text(MASTER.format(**values))
    (etc / "recipients").write_text(RECIPIENTS)
    (etc / "transport").write_text(TRANSPORT)
    log = folder / "log" / "mail.log"
    run(["postfix", "-c", str(etc), "check"])
    pid = spawn([f"{PROGRAMS}/master", "-c", str(etc), "-d"], output=folder / "output")
    wait_until(lambda: _greets(smtp), what="Postfix greets", log=log)
    wait_until(log.exists, what="Postfix keeps a log", log=folder / "output")
    return Postfix(
        pid=pid,
        log_file=str(log),
        log_start=log.stat().st_size,
        port=smtp,
        submission_port=submission,
        tls_port=smtps,
        mail_folder=dovecot.mail_folder,
        ca_file=str(ca_file),
    )


def _greets(port: int) -> bool:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        return client.noop()[0] == 250


def _mailbox_of(recipient: str) -> str:
    local, _, domain = recipient.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _transactions(lines: list[str]) -> list[Transaction]:
    found: dict[str, Transaction] = {}
    for line in lines:
        match = LOG_LINE.search(line)
        if match:
            queue_id, rest = match.groups()
            known = found.get(queue_id, Transaction(queue_id=queue_id))
            found[queue_id] = _with_line(known, rest)
    return [each for each in found.values() if each.addressed]


def _with_line(known: Transaction, rest: str) -> Transaction:
    if match := MESSAGE_ID.match(rest):
        return replace(known, message_id=match[1])
    if match := FROM.match(rest):
        return replace(known, sender=match[1], addressed=int(match[2]))
    if match := TO.match(rest):
        return replace(known, outcomes={**known.outcomes, match[1]: match[2]})
    return known
