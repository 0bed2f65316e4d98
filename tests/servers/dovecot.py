"""Dovecot: IMAP (plain, STARTTLS, TLS), LMTP for Postfix, and its sign-in service.

Every address exists and signs in with :data:`PASSWORD`, until :meth:`Dovecot.lock_out`.
"""

from __future__ import annotations

import imaplib
import os
import pwd
import time
from dataclasses import dataclass
from pathlib import Path

from tests.servers import rundir
from tests.servers.certificates import server_certificate
from tests.servers.maildir import Maildir
from tests.servers.processes import free_ports, spawn, wait_until

# Static pass databases take their arguments separated by spaces: no space in here.
PASSWORD = "correct-horse"
STORAGE_USER = "mail"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S "
instance_name = {folder}
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_home = {mail}/%Lu
mail_plugins = notify mail_log
mail_max_userip_connections = 1000
recipient_delimiter = +
postmaster_address = postmaster@desk.test
maildir_very_dirty_syncs = no
imap_idle_notify_interval = 1 min
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = passwd-file
  deny = yes
  args = {folder}/locked-out
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%Lu allow_all_users=yes
}}
plugin {{
  mail_log_events = delete undelete expunge save copy append flag_change
  mail_log_fields = uid box msgid flags
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  service_count = 0
  client_limit = 1000
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 1024
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Dovecot(rundir.Server):
    """The running IMAP server; ``port`` speaks plain and STARTTLS, ``tls_port`` TLS from the start.

    ``ca_file`` is the authority that a client must trust to accept its certificate.
    """

    port: int
    tls_port: int
    lmtp_port: int
    auth_port: int
    folder: str
    mail_folder: str
    ca_file: str
    host: str = "127.0.0.1"
    password: str = PASSWORD

    def mailbox(self, address: str) -> Maildir:
        """Return the mail of *address*, which needs not exist before."""
        return mailbox_in(Path(self.mail_folder), address)

    def lock_out(self, address: str) -> None:
        """Refuse *address* from now on, as after a changed password."""
        with (Path(self.folder) / "locked-out").open("a") as denied:
            denied.write(f"{address}:\n")
        # The server looks at the file once per second of its clock.
        time.sleep(1.1)

    def sign_ins(self, address: str) -> int:
        """Return how many IMAP sessions *address* has begun in this run, by the server's log."""
        mark = f"imap-login: Info: Login: user=<{address.lower()}>"
        return sum(mark in line for line in self.log_lines())


def mailbox_in(mail_folder: Path, address: str) -> Maildir:
    """Return the mail of *address* as the server stores it under *mail_folder*."""
    path = mail_folder / address.lower() / "Maildir"
    return Maildir(address=address, path=path, owner=_storage_owner())


def start(folder: Path) -> Dovecot:
    """Start Dovecot in *folder* and return it when somebody can sign in."""
    imap, imaps, lmtp, auth = free_ports(4)
    ca_file, certificate, key = server_certificate()
    uid, gid = _storage_owner()
    mail = folder / "mail"
    mail.mkdir()
    if os.geteuid() == 0:
        os.chown(mail, uid, gid)
    (folder / "locked-out").touch()
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            certificate=certificate,
            key=key,
            mail=mail,
            password=PASSWORD,
            uid=uid,
            gid=gid,
            imap=imap,
            imaps=imaps,
            lmtp=lmtp,
            auth=auth,
        )
    )
    log = folder / "dovecot.log"
    log.touch()
    pid = spawn(["dovecot", "-F", "-c", str(configuration)], output=folder / "output")
    wait_until(lambda: _signs_in(imap), what="Dovecot lets somebody sign in", log=log)
    return Dovecot(
        pid=pid,
        log_file=str(log),
        log_start=log.stat().st_size,
        port=imap,
        tls_port=imaps,
        lmtp_port=lmtp,
        auth_port=auth,
        folder=str(folder),
        mail_folder=str(mail),
        ca_file=str(ca_file),
    )


def _signs_in(port: int) -> bool:
    # Connecting is not enough: the first connection can be dropped before the sign-in is up.
    try:
        with imaplib.IMAP4("127.0.0.1", port, timeout=5) as client:
            client.login("ready@desk.test", PASSWORD)
            return True
    except imaplib.IMAP4.error:
        return False


def _storage_owner() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    entry = pwd.getpwnam(STORAGE_USER)
    return entry.pw_uid, entry.pw_gid
