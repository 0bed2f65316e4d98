"""What a mail says and what is attached to it: parts, charsets, names of files."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from tests.email.mails import message, sample

HEAD = "From: ann@customer.example\nSubject: Hello\nMIME-Version: 1.0\n"


def parts(*each: str, kind: str = "mixed") -> str:
    body = "".join(f"--cut\n{part}\n" for part in each)
    return f"{HEAD}Content-Type: multipart/{kind}; boundary=cut\n\n{body}--cut--\n"


def test_html_is_read_when_the_plain_text_is_empty() -> None:
    mail = sample("picture_in_text.eml")
    assert mail.visible == "See please"
    assert '<img src="cid:one@here">' in mail.html


def test_only_the_picture_the_html_shows_is_inline() -> None:
    mail = sample("picture_in_text.eml")
    assert [(file.content_id, file.inline) for file in mail.files] == [
        ("one@here", True),
        ("two@here", False),
    ]
    assert [file.filename for file in mail.files] == ["image-1.png", "other.png"]


def test_text_parts_around_an_attachment_keep_their_order() -> None:
    mail = message(
        parts(
            "Content-Type: text/plain\n\nfirst",
            'Content-Type: image/png; name="a.png"\n\nx',
            "Content-Type: text/plain\n\nsecond",
        )
    )
    assert mail.text == "first\n\nsecond"
    assert [file.filename for file in mail.files] == ["a.png"]


def test_a_stub_that_points_to_the_html_gives_way_to_it() -> None:
    html = "<p>" + "The real message is here. " * 10 + "</p>"
    mail = message(
        parts(
            "Content-Type: text/plain\n\nThis message is in HTML format, please view it so.",
            f"Content-Type: text/html\n\n{html}",
            kind="alternative",
        )
    )
    assert mail.text.startswith("The real message is here.")


def test_an_attached_mail_is_a_file_named_by_its_subject() -> None:
    mail = message(
        parts(
            "Content-Type: text/plain\n\nsee below",
            "Content-Type: message/rfc822\n\nSubject: Inner thing\n\ninner text",
        )
    )
    assert [file.filename for file in mail.files] == ["Inner thing.eml"]
    assert b"inner text" in mail.files[0].content
    assert "inner text" not in mail.text


def test_an_invitation_without_a_name_is_kept_as_invite() -> None:
    mail = message(
        parts(
            "Content-Type: text/plain\n\nPlease come",
            "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR",
            kind="alternative",
        )
    )
    assert mail.visible == "Please come"
    assert [file.filename for file in mail.files] == ["invite.ics"]


def test_a_file_written_into_the_text_is_taken_out() -> None:
    block = "begin 644 note.txt\n#86)C\n`\nend"
    mail = message(f"{HEAD}\nbefore\n{block}\nafter\n")
    assert [(file.filename, file.content) for file in mail.files] == [("note.txt", b"abc")]
    assert "begin 644" not in mail.text
    assert "before" in mail.text
    assert "after" in mail.text


@pytest.mark.parametrize("options", [[], [pkcs7.PKCS7Options.NoCerts]])
def test_an_opaquely_signed_mail_shows_its_text(options: list[pkcs7.PKCS7Options]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ann")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2034, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    signed = (
        pkcs7.PKCS7SignatureBuilder(b"Content-Type: text/plain\r\n\r\nSigned words.")
        .add_signer(certificate, key, hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])
    )
    coded = base64.encodebytes(signed).decode()
    kind = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    mail = message(f"{HEAD}Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{coded}")
    assert mail.visible == "Signed words."
    assert [file.filename for file in mail.files] == ["smime.p7m"]


def test_the_files_in_a_winmail_container_are_listed_beside_it() -> None:
    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", 2, number, 0, len(value)) + value + b"\0\0"

    stream = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x9002, b"\0" * 14)
    stream += attribute(0x8010, b"bill.pdf\0") + attribute(0x800F, b"%PDF-1.4")
    coded = base64.b64encode(stream).decode()
    kind = "application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    mail = message(parts("Content-Type: text/plain\n\nhi", f"Content-Type: {kind}\n\n{coded}"))
    assert [file.filename for file in mail.files] == ["winmail.dat", "bill.pdf"]
    assert mail.files[1].content == b"%PDF-1.4"


def test_an_encrypted_mail_says_so() -> None:
    mail = message(
        parts(
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            "Content-Type: application/octet-stream; name=m.asc\n\n-----BEGIN PGP MESSAGE-----",
            kind="encrypted",
        )
    )
    assert any("encrypted" in warning for warning in mail.warnings)
    assert "m.asc" in [file.filename for file in mail.files]


@pytest.mark.parametrize(
    ("declared", "content", "shown"),
    [
        ("utf-8", "Grüße".encode(), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", "“Grüße”".encode("cp1252"), "“Grüße”"),
        ("gb2312", "朱镕基".encode("gbk"), "朱镕基"),
        ("gb2312", "你好，发票".encode(), "你好，发票"),
        ("iso-2022-jp", b"\x1b$B-!-j\x1b(B", "①㈱"),
        ("shift_jis", "あいうえお①".encode("cp932"), "あいうえお①"),
        ("ks_c_5601-1987", "안녕하세요".encode("cp949"), "안녕하세요"),
        ("x-unknown", "Ελληνικά".encode(), "Ελληνικά"),
        ("punycode", b"plain", "plain"),
        ("utf-8", "naïve".encode("cp1252"), "naïve"),
    ],
)
def test_text_is_decoded_by_evidence(declared: str, content: bytes, shown: str) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset={declared}\n\n".encode()
    assert message(head + content).text == shown


def test_a_detector_decides_when_no_charset_is_declared() -> None:
    russian = "Здравствуйте! Мне нужна помощь с моим заказом, он ещё не пришёл."
    assert message(f"{HEAD}\n".encode() + russian.encode("cp1251")).text == russian


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*0*=utf-8''Rech%C3%A4; filename*1=nung.pdf", "Rechänung.pdf"),
        ('attachment; filename="=?utf-8?q?R=C3=A9sum=C3=A9?= =?utf-8?q?.pdf?="', "Résumé.pdf"),
        ('attachment; filename="Übersicht.pdf"', "Übersicht.pdf"),
        ('attachment; filename="..\\..\\evil.exe"', "evil.exe"),
        ('attachment; filename="C:\\TEMP\\x.txt"', "x.txt"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="=?utf-8?b?YQpiLnBkZg==?="', "a b.pdf"),
        ('attachment; filename="photo\u202egpj.exe"', "photogpj.exe"),
        ("attachment", "file-1.pdf"),
    ],
)
def test_file_names_are_decoded_and_made_safe(header: str, name: str) -> None:
    part = f"Content-Type: application/pdf\nContent-Disposition: {header}\n\nx"
    mail = message(parts("Content-Type: text/plain\n\nhi", part))
    assert [file.filename for file in mail.files] == [name]


def test_a_very_long_name_keeps_its_ending() -> None:
    part = f'Content-Type: application/pdf; name="{"a" * 400}.pdf"\n\nx'
    (file,) = message(parts(part)).files
    assert file.filename.endswith(".pdf")
    assert len(file.filename) < 200


def test_base64_with_stray_characters_is_read() -> None:
    coded = base64.b64encode(b"all of this text").decode()
    broken = f"{coded[:5]} \x00!{coded[5:]}".rstrip("=")
    mail = message(f"{HEAD}Content-Transfer-Encoding: base64\n\n{broken}")
    assert mail.text == "all of this text"


def test_a_subject_cut_inside_a_character_is_put_together() -> None:
    words = "=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?="
    assert message(f"From: a@b.example\nSubject: {words}\n\nx").subject == "Grüße"


def test_a_raw_subject_takes_the_charset_of_the_text() -> None:
    raw = "From: a@b.example\nSubject: Жалоба\nContent-Type: text/plain; charset=koi8-r\n\nтекст"
    assert message(raw.encode("koi8-r")).subject == "Жалоба"


def test_parts_without_a_declared_boundary_are_found() -> None:
    mail = message(
        f"{HEAD}Content-Type: multipart/mixed\n\n--zz\nContent-Type: text/plain\n\nfound\n--zz--\n"
    )
    assert mail.text == "found"


def test_a_parameter_that_lost_its_indentation_still_belongs_to_its_header() -> None:
    part = 'Content-Type: application/zip;\nname="a.zip"\nContent-Transfer-Encoding: base64\n\nYWJj'
    (file,) = message(parts("Content-Type: text/plain\n\nhi", part)).files
    assert (file.filename, file.content) == ("a.zip", b"abc")
