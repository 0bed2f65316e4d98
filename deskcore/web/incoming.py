"""Where platforms push to: no browser, no session, but a signature that the channel checks."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from deskcore.errors import DeskError, NotFound
from deskcore.logs import get_logger
from deskcore.plugin.channel import Answer, ChannelFailure, WebhookRequest
from deskcore.plugin.faults import PluginFailed
from deskcore.services import webhooks
from deskcore.services.webhooks import NotAuthentic, Refusals
from deskcore.web.guards import public
from deskcore.web.identity import client_address
from deskcore.web.security import use_surface

log = get_logger(__name__)

# Platforms send kilobytes and keep files for us to fetch; some put a picture into the push.
MOST_BYTES = 10 * 1024 * 1024
AGAIN_S = 30
WAIT_S = 60
BOTH = ("GET", "POST")  # some platforms try an address, or deliver, by GET

blueprint = Blueprint("incoming", __name__, url_prefix="/in")


def init_incoming(app: Flask) -> None:
    """Make the place where refusals are counted."""
    app.extensions["desk_refusals"] = Refusals()


@blueprint.route("/<channel>", methods=BOTH)
@public
def app_push(channel: str) -> Response:
    """Take a push to the address that the accounts of one app share."""
    return _answered(lambda asked: webhooks.take_in_for_app(channel, asked))


@blueprint.route("/<channel>/<key>", methods=BOTH)
@public
def push(channel: str, key: str) -> Response:
    """Take a push to the address of one account."""
    return _answered(lambda asked: webhooks.take_in(channel, key, asked))


def _answered(take_in: Callable[[WebhookRequest], Answer]) -> Response:
    """Say exactly what the platform wants, or in a word what it has to do."""
    use_surface("preview")  # an answer may repeat what was sent, and must never run
    try:
        answer = take_in(_asked())
        return Response(answer.body, answer.status, content_type=answer.content_type)
    except NotFound:
        return _said(404, "nobody listens here")
    except RequestEntityTooLarge:
        return _said(413, "too large")
    except NotAuthentic as error:
        return _refused(error)
    except (PluginFailed, ChannelFailure, DeskError) as error:
        log.warning("a push was not taken, it has to come again", exc_info=error)
        return _said(503, "send it again", retry_s=AGAIN_S)


def _asked() -> WebhookRequest:
    request.max_content_length = MOST_BYTES
    return WebhookRequest(
        method=request.method,
        path=request.path,
        headers={name.lower(): value for name, value in request.headers},
        query=request.args.to_dict(),
        body=request.get_data(cache=False),
        remote=client_address(),
    )


def _refused(error: NotAuthentic) -> Response:
    refusals: Refusals = current_app.extensions["desk_refusals"]
    if refusals.is_over(client_address()):
        return _said(429, "too many that are not authentic", retry_s=WAIT_S)
    webhooks.note_refusal(error.account_id)
    return _said(401, "not authentic")


def _said(status: int, words: str, *, retry_s: int = 0) -> Response:
    response = Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
    if retry_s:
        response.headers["Retry-After"] = str(retry_s)
    return response
