"""The words mail programs put around quotes and forwards, in the languages they speak.

Gathered from clients seen in the wild (Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and
others). Each table is a plain list of words so that a language is one line to add.
"""

from __future__ import annotations

import re

# The verb of "On …, X wrote:" as the clients print it.
WROTE = (
    "wrote|writes|schrieb|schrieben|geschrieben|a écrit|écrit|a ecrit|ha scritto|scrive|scritto"
    "|escribió|escribio|escribiu|va escriure|ha escrit|escreveu|escreveram|schreef|geschreven|skrev"
    "|følgende|napsal|napsala|napsal\\(a\\)|napísal|napísala|napísal\\(a\\)|píše|napisał|napisała"
    "|napisał\\(a\\)|napisał/a|pisze|написал|написала|написал\\(а\\)|написав|написала|написав\\(ла\\)|пишет|пише|писал"
    "|kirjoitti|írta|ezt írta|a scris|scris|έγραψε|yazdı|şunları yazdı|şunu yazdı|napisao|napisala|je napisao/la"
    "|napisao\\(la\\)|je napisal|je napisala|написа|rašė|parašė|kirjutas|rakstīja|viết|đã viết|menulis|tulis"
    "|เขียน|เขียนว่า|כתב|כתבה|כתב/ה|كتب|كتبت|نوشت|skrifaði|ha scrit|idatzi zuen|写道|寫道|写到|寫到|のメール|書きました|"
    "さんは書きました|wrote back|님이 작성|작성|작성함|schrieb am"
)
# How the line begins in languages that begin with a preposition.
BEGINS = (
    "on|am|le|il|el|em|op|den|dne|w dniu|dnia|pe|la|tarihinde|στις|på|pondělí|в|a|no dia|em data|"
    "vào|pada|ב|في|ons|mån|tis|tor|fre|lör|sön|pon|wt|śr|czw|pt|sob|niedz|пн|вт|ср|чт|пт|сб|вс"
)

# Names of headers as they are printed above a quoted or forwarded mail, by what they mean.
FROM = (
    "from|von|de|da|van|fra|från|fran|od|от|від|feladó|lähettäjä|kimden|gönderen|από|expéditeur|remetente"
    "|remitente|mittente|afzender|avsändare|nadawca|odesílatel|odesilatel|odosielateľ|отправитель|expeditor|"
    "de la|no|nuo|kellelt|saatja|šalje|pošiljatelj|expeditorul|від кого|от кого|发件人|寄件者|寄件人|差出人|送信元|送信者|보낸 사람|보낸사람|发送人|จาก|מאת|من|từ|dari|frá|gesendet von"
)
SENT = (
    "sent|date|gesendet|datum|envoyé|envoye|date d'envoi|enviado|enviada|enviado el|enviada em|enviado em|fecha|data"
    "|inviato|data invio|verzonden|sendt|dato|skickat|odesláno|odoslané|wysłano|wysłane|отправлено|дата|надіслано|"
    "elküldve|dátum|lähetetty|päivämäärä|päiväys|gönderildi|tarih|gönderme tarihi|ημερομηνία|αποστολή|trimis|dată|"
    "发送时间|发送日期|傳送時間|寄件日期|日期|時間|时间|送信日時|送信日|日付|日時|보낸 날짜|날짜|วันที่|ส่ง|תאריך|נשלח|تاريخ|الإرسال|التاريخ|ngày|tanggal|dags|poslano|datums|kuupäev|išsiųsta"
)
TO = (
    "to|an|à|a|para|aan|til|till|komu|pro|do|кому|címzett|vastaanottaja|kime|alıcı|προς|către|pentru|destinataire|"
    "destinatario|destinatário|per|naar|destinatarul|收件人|收件者|宛先|送信先|받는 사람|받는사람|ถึง|אל|إلى|đến|kepada|za|kam"
)
CC = (
    "cc|bcc|kopie|kopie \\(cc\\)|copie|copie à|copia|kopia|kopi|dw|копия|копія|másolatot kap|kopio|bilgi|"
    "κοιν|抄送|副本|참조|สำเนา|עותק|نسخة|reply-to|antwort an|responder a|répondre à|antwoord naar|attachments|anlagen|vá"
)
SUBJECT = (
    "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|předmět|predmet|temat|тема|tárgy|aihe|"
    "konu|θέμα|subiect|subiectul|主题|主旨|主題|件名|제목|หัวเรื่อง|เรื่อง|נושא|الموضوع|chủ đề|subyek|subjek|efni|re|naslov|zadeva|tema|teema|assumpte"
)

ORIGINAL = (
    "original message|original mail|original email|original e-mail|originalnachricht|ursprüngliche nachricht|ursprungliche nachricht"
    "|original-nachricht|originalmail|message d'origine|message original|message initial|messaggio originale|mensaje original"
    "|mensagem original|missatge original|oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|oprindelig meddelelse|"
    "opprinnelig melding|opprinnelig beskjed|original meddelelse|oprindelig besked|oprindelig mail|ursprungligt meddelande|originalmeddelande|originální zpráva|"
    "původní zpráva|původní e-mail|puvodni zprava|pôvodná správa|oryginalna wiadomość|wiadomość oryginalna|wiadomość pierwotna|исходное сообщение|оригинальное сообщение|"
    "вихідне повідомлення|eredeti üzenet|alkuperäinen viesti|orijinal ileti|özgün ileti|orijinal mesaj|αρχικό μήνυμα|mesaj original|"
    "原始邮件|原始郵件|原邮件|邮件原件|原始信件|オリジナルメッセージ|元のメッセージ|원본 메시지|원본 메일|originalna poruka|izvorna poruka|izvirno sporočilo|הודעה מקורית|"
    "الرسالة الأصلية|tin nhắn gốc|pesan asli|upprunaleg skilaboð|reply message|antwort nachricht|nachricht"
)
FORWARDED = (
    "forwarded message|forwarded email|forwarded by|begin forwarded message|weitergeleitete nachricht|weitergeleitete e-mail|"
    "anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|message transféré|message transmis|début du message transféré|"
    "début du message réexpédié|mensaje reenviado|inicio del mensaje reenviado|comienzo del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|"
    "início da mensagem encaminhada|início da mensagem reencaminhada|messaggio inoltrato|inizio messaggio inoltrato|"
    "doorgestuurd bericht|begin doorgestuurd bericht|begin van doorgestuurd bericht|videresendt meddelelse|videresendt besked|videresendt melding|start på videresendt besked|"
    "begynnelse på videresendt melding|påbegynt videresendt melding|vidarebefordrat meddelande|vidarebefordrat mail|vidarebefordrat brev|påbörjat vidarebefordrat|början på vidarebefordrat|"
    "vidarebefordrat|přeposlaná zpráva|přeposlaný e-mail|začátek přeposlané zprávy|začátek přeposílané zprávy|preposlaná správa|začiatok preposlanej správy|"
    "przekazana wiadomość|wiadomość przekazana|treść przekazanej wiadomości|początek przekazywanej wiadomości|początek przekazanej wiadomości|"
    "пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|пересылаемое письмо|начало переадресованного сообщения|начало пересылаемого сообщения|"
    "переслане повідомлення|перенаправлене повідомлення|пересилається|початок листа, що пересилається|továbbított üzenet|továbbított levél|"
    "edelleenlähetetty viesti|välitetty viesti|välitetty viesti alkaa|iletilmiş mesaj|iletilen mesaj|iletilmiş ileti|iletilen ileti|yönlendirilen ileti|προωθημένο μήνυμα|"
    "έναρξη προωθημένου μηνύματος|αρχή προωθημένου μηνύματος|mesaj redirecționat|mesaj redirectionat|începe mesajul redirecționat|început mesaj redirecționat|mesaj înaintat|"
    "转发的邮件|轉寄郵件|转发邮件|轉寄的郵件|以下是转发的邮件|以下為轉寄郵件|開始轉寄信件|转发邮件信息|転送されたメッセージ|メッセージを転送|転送メッセージ|転送メール|전달된 메일|전달된 메시지|"
    "הודעה שהועברה|رسالة مُعاد توجيهها|الرسالة المعاد توجيهها|tin nhắn được chuyển tiếp|pesan terusan|proslijeđena poruka|proslijeđeno|započni proslijeđenu poruku|"
    "posredovano sporočilo|препратено съобщение|missatge reenviat|edasi saadetud kiri|persiųstas laiškas"
)
# Prefixes of subjects that say "forwarded".
FORWARD_PREFIX = re.compile(
    r"(?i)^\s*(?:(?:\[[^\]]{1,40}\])\s*)?(?:fwd?|wg|tr|rv|enc|i|vs|doorst|vb|pd|iLT|vl|προωθ|fs|trs|vid|továbbítás|"
    r"転送|转发|轉寄|전달|пересл|переслать|přep|tov)\s*(?:\[\d+\])?\s*[:：]"
)
REPLY_PREFIX = re.compile(
    r"(?i)^\s*(?:(?:\[[^\]]{1,40}\])\s*)?(?:re|aw|antw|antwort|sv|odp|ref|ynt|atb|rép|resp?|bls|na|vá|回复|回覆|答复|答覆|返信|답장|отв|відп|απ)"
    r"\s*(?:\[\d+\])?\s*[:：]"
)

# The last line phones and programs add; only ever folded at the end of what was written.
SENT_FROM = re.compile(
    r"(?i)^\W{0,6}(?:(?:sent|written|posted|dictated) (?:from|via|with|by|using)\b|get \W?outlook for\b|download \W?outlook|from my \w+|\w+ from mobile$|"
    r"gesendet (?:von|mit|über|aus)\b|von mein(?:em|er) .{1,40} (?:gesendet|geschickt)|diese (?:nachricht|e-mail) wurde .{1,80}(?:gesendet|verschickt)|holen sie sich outlook|outlook für|"
    r"envoyée? (?:de(?:puis)?|avec|via|par|à partir)\b|obtenez outlook|télécharge[rz]? outlook|enviado (?:desde|do|da|de|pelo|via|a partir|con|com)\b|obt[eé][nm] outlook|obtener outlook|"
    r"inviato (?:da|con|dal|tramite)\b|scarica outlook|ottieni outlook|verzonden (?:met|vanaf|via|vanuit|met)\b|verstuurd (?:vanaf|met|via)\b|outlook (?:voor|for|pour|para|per|pro|dla|для)\b|"
    r"sendt fra\b|skickat fr[åa]n\b|skickades fr[åa]n\b|hämta outlook|hent outlook|odesláno (?:z|ze|pomocí)\b|získejte outlook|odoslané z\b|wysłan[eo] z\b|pobierz outlook|"
    r"отправлено (?:с|со|из|через)\b|надіслано (?:з|із)\b|elküldve\b|küldve\b|lähetetty\b|lataa outlook|gönderildi$|iphone'umdan|trimis (?:de pe|din)\b|poslano (?:s|iz|z)\b|poslane iz\b|"
    r"στάλθηκε από|yahoo mail\W|发自我的|發自我的|從我的|从我的|发自|來自|iphoneから送信|androidから送信|나의 .{1,20}에서 보냄|נשלח מ|أرسلت من|أُرسلت من|được gửi từ|dikirim dari).{0,150}$"
)

# The desk's own line above the quote in every mail it sends.
OWN_MARKER = re.compile(r"^[\s>|*]{0,20}#{2,}\s?-.{3,120}-\s?#{2,}\s*$")
