"""Answers as the mail programs of customers write them: the HTML, and its plain alternative."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

from deskcore.domain.messages import InboundMessage
from tests.email.mails import message


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a program wrote; ``said`` are the words of the person, all else is quote or signature."""

    client: str
    html: str
    plain: str
    said: str
    subject: str = "Re: Your order"

    def read(self, *, with_plain: bool) -> InboundMessage:
        """Let the desk read the answer, with or without its plain alternative."""
        mail = EmailMessage()
        mail["From"], mail["To"] = "Ann <ann@customer.example>", "support@desk.example"
        mail["Subject"], mail["In-Reply-To"] = self.subject, "<1@desk.example>"
        if with_plain:
            mail.set_content(self.plain)
            mail.add_alternative(self.html, subtype="html")
        else:
            mail.set_content(self.html, subtype="html")
        return message(mail.as_bytes())


GMAIL = Answer(
    client="Gmail",
    said="It is number 10432, bought in March. The teapot arrived broken. Ann",
    html="""<div dir="ltr"><div>It is number <b>10432</b>, bought in March.</div><div><br></div>
<div>The teapot arrived broken.</div><div><br></div><div>Ann</div></div><br>
<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 11 Mar
2024 at 09:00, Desk &lt;<a href="mailto:support@desk.example">support@desk.example</a>&gt;
wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px
solid rgb(204,204,204);padding-left:1ex"><p>Dear Ann,</p><p>Please send us the number of your
order.</p><p>See <a href="https://desk.example/help?utm_source=mail">our help</a>.</p>
<img src="cid:logo@desk"></blockquote></div>""",
    plain="""It is number *10432*, bought in March.

The teapot arrived broken.

Ann

On Mon, 11 Mar 2024 at 09:00, Desk <support@desk.example> wrote:

> Dear Ann,
>
> Please send us the number of your order.
>
> See our help <https://desk.example/help?utm_source=mail>.
> [image: Logo]
>
""",
)

OUTLOOK_DESKTOP = Answer(
    client="Outlook for Windows",
    said="Good morning, the number is 10432. Best regards Ann Customer Teapots Ltd",
    html="""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name="Generator"
content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt} --></style>
</head><body lang="EN-GB" link="#0563C1"><div class="WordSection1">
<p class="MsoNormal">Good morning,<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">the number is 10432.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoNormal">Best regards<o:p></o:p></p><p class="MsoNormal"><b>Ann Customer</b><o:p></o:p>
</p><p class="MsoNormal">Teapots Ltd<o:p></o:p></p><p class="MsoNormal"><img width="120"
src="cid:image001.png@01DA"><o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">
<p class="MsoNormal"><b><span lang="EN-US">From:</span></b><span lang="EN-US"> Desk
&lt;support@desk.example&gt; <br><b>Sent:</b> Monday, March 11, 2024 9:00 AM<br><b>To:</b> Ann
Customer &lt;ann@customer.example&gt;<br><b>Subject:</b> Your order<o:p></o:p></span></p></div></div>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Dear Ann,<o:p></o:p></p>
<p class="MsoNormal">Please send us the number of your order.<o:p></o:p></p>
<p class="MsoNormal">Best regards<o:p></o:p></p><p class="MsoNormal"><img
src="cid:image002.png@01DA"><o:p></o:p></p></div></body></html>""",
    plain="""Good morning,

the number is 10432.

Best regards
Ann Customer
Teapots Ltd
[cid:image001.png@01DA]

From: Desk <support@desk.example>
Sent: Monday, March 11, 2024 9:00 AM
To: Ann Customer <ann@customer.example>
Subject: Your order

Dear Ann,
Please send us the number of your order.
Best regards
[cid:image002.png@01DA]
""",
)

OUTLOOK_WEB = Answer(
    client="Outlook on the web",
    said="The number is 10432.",
    html="""<html><head><style type="text/css" style="display:none;"> P {margin-top:0;} </style>
</head><body dir="ltr"><div class="elementToProof" style="font-family: Aptos, sans-serif;
font-size: 12pt">The number is 10432.</div><div id="appendonsend"></div><hr style="display:
inline-block; width: 98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font
face="Calibri, sans-serif" color="#000000" style="font-size:11pt"><b>From:</b> Desk
&lt;support@desk.example&gt;<br><b>Sent:</b> Monday, March 11, 2024 9:00 AM<br><b>To:</b>
ann@customer.example &lt;ann@customer.example&gt;<br><b>Subject:</b> Your order</font><div>&nbsp;
</div></div><div>Dear Ann,<br>Please send us the number of your order.<br></div></body></html>""",
    plain="""The number is 10432.
________________________________
From: Desk <support@desk.example>
Sent: Monday, March 11, 2024 9:00 AM
To: ann@customer.example <ann@customer.example>
Subject: Your order

Dear Ann,
Please send us the number of your order.
""",
)

OUTLOOK_MOBILE = Answer(
    client="Outlook for iOS",
    said="It is 10432 😊",
    html="""<html><body><div dir="ltr" style="font-family: Aptos">It is 10432 😊</div>
<div id="ms-outlook-mobile-body-separator-line" dir="ltr"><br></div>
<div id="ms-outlook-mobile-signature" dir="ltr">Get <a href="https://aka.ms/o0ukef">Outlook for
iOS</a></div><div id="mail-editor-reference-message-container"><hr style="width:98%">
<div id="divRplyFwdMsg"><b>From:</b> Desk &lt;support@desk.example&gt;<br><b>Sent:</b> Monday, 11
March 2024 09:00<br><b>To:</b> Ann &lt;ann@customer.example&gt;<br><b>Subject:</b> Your order<br>
</div><br><div>Please send us the number of your order.</div></div></body></html>""",
    plain="""It is 10432 😊

Get Outlook for iOS<https://aka.ms/o0ukef>
________________________________
From: Desk <support@desk.example>
Sent: Monday, 11 March 2024 09:00
To: Ann <ann@customer.example>
Subject: Your order

Please send us the number of your order.
""",
)

APPLE = Answer(
    client="Apple Mail",
    said="The number is 10432. Thank you!",
    html="""<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>
<body style="overflow-wrap: break-word;">The number is 10432.<div><br></div><div>Thank you!<br
id="lineBreakAtBeginningOfSignature"><div><br><blockquote type="cite"><div>On 11. 3. 2024, at
9:00, Desk &lt;support@desk.example&gt; wrote:</div><br class="Apple-interchange-newline"><div>
<div>Dear Ann,<br><br>Please send us the number of your order.</div></div></blockquote></div><br>
</div></body></html>""",
    plain="""The number is 10432.

Thank you!

> On 11. 3. 2024, at 9:00, Desk <support@desk.example> wrote:
>
> Dear Ann,
>
> Please send us the number of your order.

""",
)

THUNDERBIRD = Answer(
    client="Thunderbird, answered below",
    said="The number is 10432. Ann",
    html="""<html><head></head><body><div class="moz-cite-prefix">On 11/03/2024 09:00, Desk
wrote:<br></div><blockquote type="cite" cite="mid:1@desk.example"><p>Dear Ann,</p><p>Please send us
the number of your order.</p></blockquote><p>The number is 10432.</p><p>Ann<br></p>
<div class="moz-signature">-- <br>Ann Customer<br>Teapots Ltd</div></body></html>""",
    plain="""On 11/03/2024 09:00, Desk wrote:
> Dear Ann,
>
> Please send us the number of your order.

The number is 10432.

Ann

--\x20
Ann Customer
Teapots Ltd
""",
)

MAIL_RU = Answer(
    client="Mail.ru",
    said="Номер заказа 10432.",
    subject="Re: Ваш заказ",
    html="""<HTML><BODY><div>Номер заказа 10432.</div><div>&nbsp;</div><div data-signature-widget="container">
<div data-signature-widget="content"></div></div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6; margin:10px;
padding:0 0 0 10px;">Понедельник, 11 марта 2024, 9:00 +03:00 от Desk &lt;<a
href="///compose?To=support@desk.example">support@desk.example</a>&gt;:<br>&nbsp;<div
id=""><div class="js-helper js-readmsg-msg"><div>Пришлите, пожалуйста, номер вашего заказа.</div>
</div></div></blockquote></BODY></HTML>""",
    plain="""Номер заказа 10432.


>Понедельник, 11 марта 2024, 9:00 +03:00 от Desk <support@desk.example>:
>
>Пришлите, пожалуйста, номер вашего заказа.
""",
)

SEZNAM = Answer(
    client="Seznam",
    said="Číslo je 10432. Děkuji, Jana",
    subject="Re: Vaše objednávka",
    html="""<html><body><div>Číslo je 10432.</div><div><br></div><div>Děkuji, Jana</div>
<div><br></div><p>---------- Původní e-mail ----------<br>Od: Desk &lt;support@desk.example&gt;<br>
Komu: jana@customer.example<br>Datum: 11. 3. 2024 9:00:12<br>Předmět: Vaše objednávka</p>
<blockquote data-email="support@desk.example"><div>Dobrý den,<br>pošlete nám prosím číslo
objednávky.</div></blockquote></body></html>""",
    plain="""Číslo je 10432.

Děkuji, Jana

---------- Původní e-mail ----------
Od: Desk <support@desk.example>
Komu: jana@customer.example
Datum: 11. 3. 2024 9:00:12
Předmět: Vaše objednávka
"Dobrý den,
pošlete nám prosím číslo objednávky."
""",
)

YAHOO = Answer(
    client="Yahoo",
    said="The number is 10432. Ann",
    html="""<html><head></head><body><div class="ydp1ayahoo-style-wrap"><div dir="ltr">The number is
10432.</div><div dir="ltr"><br></div><div dir="ltr">Ann</div><div><br></div></div>
<div id="yahoo_quoted_1234" class="yahoo_quoted"><div style="font-size:13px;color:#26282a"><div>
On Monday, March 11, 2024 at 09:00:12 AM GMT+1, Desk &lt;support@desk.example&gt; wrote: </div>
<div><br></div><div><br></div><div><div id="yiv1">Dear Ann,<br>Please send us the number of your
order.</div></div></div></div></body></html>""",
    plain="""The number is 10432.

Ann

    On Monday, March 11, 2024 at 09:00:12 AM GMT+1, Desk <support@desk.example> wrote:


 Dear Ann,
Please send us the number of your order.
""",
)

PROTON = Answer(
    client="Proton Mail",
    said="The number is 10432.",
    html="""<div style="font-family: Arial, sans-serif; font-size: 14px;">The number is 10432.</div>
<div class="protonmail_signature_block protonmail_signature_block-empty"></div>
<div class="protonmail_quote">On Monday, March 11th, 2024 at 9:00 AM, Desk
&lt;support@desk.example&gt; wrote:<br><blockquote class="protonmail_quote" type="cite"><p>Dear
Ann,</p><p>Please send us the number of your order.</p></blockquote><br></div>""",
    plain="""The number is 10432.

On Monday, March 11th, 2024 at 9:00 AM, Desk <support@desk.example> wrote:

> Dear Ann,
>
> Please send us the number of your order.
""",
)

DISCLAIMER = Answer(
    client="Outlook behind a server that adds a footer",
    said="The number is 10432. This e-mail is confidential. Think before you print.",
    html="""<html><body><div class="WordSection1"><p class="MsoNormal">The number is 10432.</p>
<div style="border:none;border-top:solid #B5C4DF 1.0pt"><p class="MsoNormal"><b>From:</b> Desk
[mailto:support@desk.example] <br><b>Sent:</b> Monday, March 11, 2024 9:00 AM<br><b>To:</b> Ann<br>
<b>Subject:</b> Your order</p></div><blockquote type="cite"><p>Please send us the number of your
order.</p></blockquote></div><br clear="both">This e-mail is confidential.<BR>Think before you
print.<BR></body></html>""",
    plain="""The number is 10432.

On Mon, 11 Mar 2024 at 09:00, Desk <support@desk.example> wrote:
> From: Desk [mailto:support@desk.example]
> Sent: Monday, March 11, 2024 9:00 AM
> To: Ann
> Subject: Your order
>
> Please send us the number of your order.

This e-mail is confidential.
Think before you print.
""",
)

ANSWERS = (
    GMAIL, OUTLOOK_DESKTOP, OUTLOOK_WEB, OUTLOOK_MOBILE, APPLE, THUNDERBIRD, MAIL_RU, SEZNAM,
    YAHOO, PROTON,
)  # fmt: skip
