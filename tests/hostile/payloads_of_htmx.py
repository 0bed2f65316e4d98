"""Markup that htmx would obey, were it ever put where htmx looks: requests in the reader's name."""

from __future__ import annotations

_VERBS = ("get", "post", "put", "patch", "delete")
_TRIGGERS = (
    "load",
    "load delay:1ms",
    "every 50ms",
    "intersect",
    "revealed",
    "click, load",
    "mouseover, load",
)

TECHNIQUES: dict[str, list[str]] = {
    "hx verbs on load": [f"<div hx-{verb}='«O»' hx-trigger=load>x</div>" for verb in _VERBS],
    "hx triggers": [f"<div hx-get='«O»' hx-trigger='{trigger}'>x</div>" for trigger in _TRIGGERS],
    "hx on click": [f"<{element} hx-{verb}='«O»'>press</{element}>" for element in ("a href=#", "button", "p") for verb in ("get", "post")],
    "data-hx": ["<div data-hx-get='«O»' data-hx-trigger=load>x</div>", "<div data-hx-post='«O»' data-hx-trigger=load>x</div>", "<button data-hx-delete='«O»'>press</button>", "<div data-hx-get='«O»' hx-trigger=load>x</div>"],
    "hx-action": ["<div hx-action='«O»' hx-method=post hx-trigger=load>x</div>", "<div hx-action='«O»' hx-trigger=load>x</div>", "<button data-hx-action='«O»'>press</button>"],
    "hx-on": ["<div hx-on:click='«K»'>press</div>", "<div hx-on::after:init='«K»' hx-get='«O»' hx-trigger=load>x</div>", "<div data-hx-on:click='«K»'>press</div>", "<div hx-on='click->«K»'>press</div>", "<img src=x hx-on:error='«K»'>"],
    "hx expressions": ["<div hx-get='«O»' hx-trigger='load' hx-vals='js:{a:«K»}'>x</div>", '<div hx-get="javascript:«J»" hx-trigger=load>x</div>', "<div hx-get='«O»' hx-headers='js:{a:«K»}' hx-trigger=load>x</div>", "<div hx-get='«O»' hx-trigger='click[«K»]'>press</div>", "<button hx-confirm='js:«K»' hx-get='«O»'>press</button>"],
    "hx inherited": ["<div hx-headers:inherited='{\"X-A\":\"b\"}'><p hx-get='«O»' hx-trigger=load>x</p></div>", "<div hx-target:inherited='body'><p hx-get='«O»' hx-trigger=load>x</p></div>", "<div hx-vals:inherited='{\"a\":1}'><p hx-post='«O»' hx-trigger=load>x</p></div>", "<div hx-include:inherited='*'><p hx-post='«O»' hx-trigger=load>x</p></div>"],
    "hx swap and target": ["<div hx-get='«O»' hx-trigger=load hx-target=body hx-swap=outerHTML>x</div>", "<div hx-get='«O»' hx-swap=outerMorph hx-select='#x' hx-trigger=load>x</div>", "<div hx-get='«O»' hx-push-url=true hx-trigger=load>x</div>", "<div hx-get='«O»' hx-swap-oob=true hx-trigger=load id=main>x</div>"],
    "hx boost": ["<div hx-boost:inherited=true><a href='«O»'>press</a></div>", "<a hx-boost=true href='«O»'>press</a>", "<form hx-boost=true action='«O»' method=post><button>press</button></form>"],
    "hx sync, include, indicator": ["<div hx-get='«O»' hx-include=body hx-trigger=load>x</div>", "<div hx-post='«O»' hx-sync=body:replace hx-indicator=body hx-trigger=load>x</div>", "<div hx-get='«O»' hx-disable=body hx-trigger=load>x</div>", "<form hx-post='«O»' hx-encoding=multipart/form-data hx-trigger=load><input name=a></form>"],
    "hx in other places": ["<svg hx-get='«O»' hx-trigger=load></svg>", "<math hx-get='«O»' hx-trigger=load></math>", "<table><tr hx-get='«O»' hx-trigger=load><td>x</table>", "<x-y hx-get='«O»' hx-trigger=load>x</x-y>", "<body hx-get='«O»' hx-trigger=load>", "<div HX-GET='«O»' HX-TRIGGER=load>x</div>"],
    "hx-config": ["<div hx-get='«O»' hx-config='{\"credentials\":\"include\"}' hx-trigger=load>x</div>", "<meta name=htmx-config content='{\"mode\":\"cors\"}'><div hx-get='«O»' hx-trigger=load>x</div>"],
}  # fmt: skip
ASLEEP = [
    "<div hx-sse='connect:«O»'>x</div>", "<div hx-ws='connect:«O»'>x</div>", "<div hx-ext=sse sse-connect='«O»' sse-swap=x>x</div>", "<div hx-ext=ws ws-connect='«O»'>x</div>", "<hx-partial hx-target='body' hx-swap=innerHTML>x</hx-partial>",
    "<div hx-swap-oob='innerHTML:body'>x</div>", "<div id=toasts hx-swap-oob=true>x</div>", "<template hx type=partial hx-target=body>x</template>", "<div hx-preserve id=main>x</div>", "<div hx-history=false>x</div>", "<div hx-vars='a:1'>x</div>", "<div hx-on-click='«K»'>x</div>",
    "<div sse-connect='«O»'>x</div>", "<div hx-sse:connect='«O»'>x</div>", "<div hx-ws:connect='«O»'>x</div>", "<div hx-preload='«O»'>x</div>", "<div hx-optimistic=x>x</div>", "<div hx-live='x'>x</div>",
]  # fmt: skip
