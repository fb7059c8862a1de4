"""What schemathesis is told about this service: who asks, what is really there, and what else an answer has to be.

Every operation of the document is called by every kind of caller, but for the stream, which has no end. A call that ends
the caller's session, or changes who they are, costs the next one a sign-in or a new account (`people.py`).
"""

import os
import random
import time

import schemathesis
from schemathesis.generation.meta import CoverageScenario, coverage_scenario

from people import KINDS, PASSWORD, http

caller = KINDS[os.environ["CONTRACT_CALLER"]]()
chance = random.Random(int(os.environ["CONTRACT_SEED"]))
slowest = (0.0, "")

# Seconds that an answer may take (K01), on a machine that has a processor to spare.
PATIENCE = 1.0


def stretch():
    """How many times longer everything takes here and now than it would alone on the machine."""
    began, worked = time.perf_counter(), time.process_time()
    while time.process_time() - worked < 0.1:
        pass
    return max(1.0, (time.perf_counter() - began) / (time.process_time() - worked))



@schemathesis.auth(refresh_interval=None)
class Token:
    """The caller's bearer token, live at each call."""

    def get(self, case, context):
        return caller.bearer()

    def set(self, case, token, context):
        if token is not None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what is really there into half of the well-formed requests: a made-up id only ever finds nothing."""
    if caller.token is None or case.meta is None or not case.meta.generation.mode.is_positive or chance.random() < 0.5:
        return
    path = case.operation.path
    if "{id}" in path:
        case.path_parameters["id"] = real_id(path)
    if isinstance(case.body, dict):
        for name, value in real_fields().items():
            if name in case.body:
                case.body[name] = value


def real_id(path):
    """An id that this path is made for."""
    if path.startswith("/organization/users/") or path == "/user/{id}/role":
        return caller.another()
    if path.startswith("/organization/"):
        return caller.organization_id
    if path.startswith("/user/"):
        return caller.id
    return caller.session  # of which there is none among the passkeys


def real_fields():
    """What is right in a body, by the name of its field."""
    return {
        "email": caller.email,
        "password": PASSWORD,
        "currentPassword": PASSWORD,
        "refresh_token": caller.refresh or "",
        "resetUserId": caller.another(),
    }


@schemathesis.hook
def after_call(context, case, response):
    """A member that was removed is not used again."""
    if response.request.method == "DELETE" and response.status_code == 200 and "/organization/users/" in case.operation.path:
        caller.others.clear()


@schemathesis.check
def wrong_content_type_is_415(ctx, response, case):
    """A body that is not application/json is refused with the documented answer, by whoever is let in."""
    if coverage_scenario(case) != CoverageScenario.UNSUPPORTED_CONTENT_TYPE or not response.request.body:
        return None
    if response.status_code in (401, 403):
        return None  # refused before the body was looked at
    assert response.status_code == 415, f"{response.status_code} instead of 415"
    assert response.json()["error_code"] == "unsupported_media_type", response.text
    return None


@schemathesis.check
def wrong_method_is_405(ctx, response, case):
    """A method that a path does not have is refused with the documented answer, whoever asks."""
    if coverage_scenario(case) != CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        return None
    assert response.status_code == 405, f"{response.status_code} instead of 405"
    allowed = {method.strip().lower() for method in response.headers["allow"][0].split(",")}
    known = {method for method in case.operation.schema[case.operation.path]}
    assert allowed - {"head"} == known - {"head"}, f"Allow says {allowed}, the document {known}"
    assert response.json()["error_code"] == "method_not_allowed", response.text
    return None


@schemathesis.check
def refusal_says_so(ctx, response, case):
    """`success` and the status always agree, and a refusal has its word and its sentence twice."""
    if response.status_code == 304 or "json" not in response.headers.get("content-type", [""])[0]:
        return None
    if case.operation.path == "/openapi.json" and response.status_code == 200:
        return None
    if response.request.method == "HEAD":
        return None
    body = response.json()
    assert body["success"] is (response.status_code < 400), response.text
    if response.status_code >= 400:
        assert body["error"] == body["message"] and body["error_code"], response.text
    if response.status_code in (429, 503):
        assert response.headers["retry-after"][0].isdigit(), "Retry-After is missing"
        assert str(body["retryAfter"]) == response.headers["retry-after"][0], response.text
    if response.status_code == 401:
        assert response.headers["www-authenticate"][0].startswith("Bearer"), "WWW-Authenticate is missing"
    return None


@schemathesis.check
def answers_within_a_second(ctx, response, case):
    """No answer takes longer, whatever was sent. One that did is asked for twice more, and the busy machine reckoned with."""
    global slowest
    took = response.elapsed
    for _ in range(2):
        if took <= PATIENCE:
            break
        again = http.send(response.request, timeout=30).elapsed.total_seconds()
        took = min(took, again / stretch())
    if took > slowest[0]:
        slowest = (took, case.operation.label)
        with open(os.environ["CONTRACT_SLOWEST"], "w") as file:
            file.write(f"{took:.3f} s, {case.operation.label}\n")
    assert took <= PATIENCE, f"{took:.2f} s"
    return None
