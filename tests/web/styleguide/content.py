"""What the style guide is about: a teapot shop on a Saturday morning."""

from __future__ import annotations

# who, subject, preview, initials, channel, when, tone, pill, icon, is unread
TICKETS = [
    ("Jana Nováková", "Rozbitá konvička v balíčku", "Dobrý den, dnes mi dorazila objednávka 10432",
     "JN", "email", "4 min", "bad", "12 min left", "timer", True),
    ("Анна Петрова", "Когда снова появится 42 размер?", "Здравствуйте! Подскажите, пожалуйста",
     "АП", "chat", "9 min", "warn", "48 min left", "timer", True),
    ("Tomáš Král", "★★☆☆☆ Pozdní doručení", "Obchod dobrý, ale čekal jsem dva týdny",
     "TK", "review", "22 min", "info", "Needs approval", "shield-check", True),
    ("Oliver Brown", "Can I change the delivery address?", "Order 10440 hasn’t shipped yet, I hope",
     "OB", "email", "31 min", "", "", "", True),
    ("Eva Veselá", "Missed call, voicemail 0:42", "“…chtěla bych vrátit ty boty, jsou malé…”",
     "EV", "phone", "1 h", "", "", "", False),
    ("Михаил Морозов", "Счёт-фактура для юрлица", "Добрый день, нужен счёт",
     "ММ", "email", "2 h", "", "Paused: waiting", "pause", False),
    ("Lucie Svobodová", "Děkuji za rychlou výměnu!", "Všechno sedí, moc děkuji, příště zase",
     "LS", "email", "3 h", "ok", "Solved", "check", False),
    ("Nejneobhospodařovávatelnějšíjménofirmy", "Passt die Kanne auf Induktion?", "Ich überlege",
     "NF", "form", "5 h", "", "", "", False),
]  # fmt: skip

MAIL = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title>'
    '<body style="margin:16px"><p style="color:#222">Hello,</p>'
    + '<p>My order has not arrived. <a href="https://example.com/" target="_blank">Track</a></p>'
    * 12
)
