"""What load balancers and supervisors ask: is this process alive, and can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from deskcore.services.health import readiness
from deskcore.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """Answer as long as this process can answer at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Answer 503 while something is missing without which no page can be served."""
    checks = readiness()
    is_ready = all(check.ok for check in checks)
    answer = jsonify({check.name: "ok" if check.ok else "failed" for check in checks})
    return answer, 200 if is_ready else 503
