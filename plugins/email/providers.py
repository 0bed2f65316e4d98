"""Where well-known providers keep their mail servers, so that an address and a password are enough.

Names and ports are those of each provider's own help pages for mail programs. Other domains get
the two names that most hosters use; the test says whether they are right.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugins.email.connect import Security

TLS_SMTP, STARTTLS_SMTP = 465, 587


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The servers of one provider; reading is always IMAP with TLS on port 993."""

    imap: str
    smtp: str
    smtp_port: int = TLS_SMTP

    @property
    def smtp_security(self) -> Security:
        """The encryption that goes with the port."""
        return "starttls" if self.smtp_port == STARTTLS_SMTP else "tls"


_GOOGLE = Provider(imap="imap.gmail.com", smtp="smtp.gmail.com")
_MICROSOFT = Provider(
    imap="outlook.office365.com", smtp="smtp.office365.com", smtp_port=STARTTLS_SMTP
)
_APPLE = Provider(imap="imap.mail.me.com", smtp="smtp.mail.me.com", smtp_port=STARTTLS_SMTP)
_YAHOO = Provider(imap="imap.mail.yahoo.com", smtp="smtp.mail.yahoo.com")
_SEZNAM = Provider(imap="imap.seznam.cz", smtp="smtp.seznam.cz")
_CENTRUM = Provider(imap="imap.centrum.cz", smtp="smtp.centrum.cz")
_YANDEX = Provider(imap="imap.yandex.ru", smtp="smtp.yandex.ru")
_YANDEX_WORLD = Provider(imap="imap.yandex.com", smtp="smtp.yandex.com")
_MAIL_RU = Provider(imap="imap.mail.ru", smtp="smtp.mail.ru")
_GMX_DE = Provider(imap="imap.gmx.net", smtp="mail.gmx.net")
_GMX = Provider(imap="imap.gmx.com", smtp="mail.gmx.com")
_WEB_DE = Provider(imap="imap.web.de", smtp="smtp.web.de", smtp_port=STARTTLS_SMTP)
_FASTMAIL = Provider(imap="imap.fastmail.com", smtp="smtp.fastmail.com")

PROVIDERS: dict[str, Provider] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GOOGLE),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "msn.com"), _MICROSOFT),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _APPLE),
    **dict.fromkeys(("yahoo.com", "ymail.com", "yahoo.de", "yahoo.co.uk"), _YAHOO),
    **dict.fromkeys(("seznam.cz", "email.cz", "post.cz", "spoluzaci.cz"), _SEZNAM),
    **dict.fromkeys(("centrum.cz", "atlas.cz", "volny.cz"), _CENTRUM),
    **dict.fromkeys(("yandex.ru", "ya.ru", "yandex.by", "yandex.kz"), _YANDEX),
    "yandex.com": _YANDEX_WORLD,
    **dict.fromkeys(("mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru"), _MAIL_RU),
    **dict.fromkeys(("gmx.de", "gmx.net", "gmx.at", "gmx.ch"), _GMX_DE),
    "gmx.com": _GMX,
    "web.de": _WEB_DE,
    **dict.fromkeys(("fastmail.com", "fastmail.fm"), _FASTMAIL),
}


def provider_of(address: str) -> Provider | None:
    """Return the servers for a mail address; None when it has no domain to go by."""
    domain = address.rpartition("@")[2].strip().casefold()
    if not domain or not domain.strip("."):
        return None
    return PROVIDERS.get(domain) or Provider(imap=f"imap.{domain}", smtp=f"smtp.{domain}")
