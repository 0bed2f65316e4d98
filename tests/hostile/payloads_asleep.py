"""Payloads of the lists that were tried and do nothing in the Chromium of these tests."""

ASLEEP = frozenset(
    [
        "<script>«J»//", "<img/src=x/onerror=«J»>", "<img src=x:x onerror=«J»//", "<marquee onstart=«J»>x</marquee>",
        "<marquee loop=1 width=0 onfinish=«J»>x</marquee>", "<td onclick=«J»>x", "<td onmouseover=«J»>x",
        '<a href="javascript:%5f%5fhit(1)">press</a>', "<svg><script>«J»<!-- </script></svg>",
        "<style>\\@import '«U»';*{background:url(«U»)}</style>", "<frameset><frame src='«U»'></frameset>",
        '<script type=speculationrules>{"prefetch":[{"source":"list","urls":["«O»"]}]}</script>',
        "<svg><![CDATA[><img src=x onerror=«J»>]]>", "<svg><desc><noscript><img src=x onerror=«J»></desc><img src=x onerror=«J»>",
        "<svg><style><!--</style><img src=x onerror=«J»>-->",
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=«J»>", "<img src=x '=' onerror=«J»>",
        "<a href=x><img/src=x/onerror=«J»></a>", "<img src=x onerror=«J»\x00>", "<img src=x onerror=«J» ",
        "<svg onload=«J»//", "<script>«J»", "<img src='«U»'", '<p title="><img src=x onerror=«K»>',
        "<html><frameset><frame src='«U»'>", "<img src=x onerror=&#95;_hit&#40;1&#41 //>",
        "<div style=\"border-image-source:url('«U»');display:list-item;border:1px solid;width:9px;height:9px\">x</div>",
    ]
)  # fmt: skip
