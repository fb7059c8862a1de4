"""The people whom the requests come from: made on the command line, signed in as any program is. Checks nothing.

Each kind of them answers one question of the contract: what does this caller get from every route?
"""

import base64
import hashlib
import hmac
import os
import struct
import subprocess
import time
from itertools import count

import requests

BINARY = os.environ["CONTRACT_BINARY"]
ORIGIN = os.environ["CONTRACT_ORIGIN"]
PASSWORD = "seven quiet lanterns drift"

numbers = count(1)
http = requests.Session()
http.trust_env = False


def call(method, path, token=None, body=None):
    """One request of a program, and its answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return http.request(method, ORIGIN + path, headers=headers, json=body, timeout=30)


def must(answer):
    """The body of an answer that has to be a success."""
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
    return answer.json()


def create(role, organization):
    """An account, and its address."""
    email = f"{role}-{os.getpid()}-{next(numbers)}@example.com"
    arguments = ["user", "create", "--email", email, "--first-name", "Ada", "--last-name", "Byron", "--password-stdin"]
    arguments += ["--organization", organization, "--role", role]
    subprocess.run([BINARY, *arguments], input=PASSWORD.encode(), check=True, stdout=subprocess.DEVNULL)
    return email


def six_digits(secret):
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


class Caller:
    """Somebody whose requests are sent. Becomes somebody else once they are not what they were."""

    role = "user"
    has_app = False
    # What `GET /mfa/status` says of somebody of this kind.
    enabled, verified = False, True

    def __init__(self):
        self.token = None

    def bearer(self):
        """A token that opens what this caller should get, now."""
        if self.token is None or not self.is_same():
            self.become()
        return self.token

    def is_same(self):
        """Whether the last request changed nothing about who this is. The most of them did not."""
        answer = call("GET", "/mfa/status", self.token)
        if answer.status_code != 200:
            return False
        status = answer.json()["data"]
        return (status["isEnabled"], status["sessionVerified"]) == (self.enabled, self.verified)

    def become(self, organization=None):
        """Somebody new of this kind, signed in; in a new organization, as the last one may ask for what nobody here has."""
        self.organization = organization or f"Organization {os.getpid()} {next(numbers)}"
        self.others = []
        self.email = create(self.role, self.organization)
        self.sign_in()
        if self.has_app:
            self.set_up_app()

    def sign_in(self):
        """Another session by the password alone."""
        login = must(call("POST", "/user/login", body={"email": self.email, "password": PASSWORD}))
        self.token, self.refresh = login["accessToken"], login.get("refreshToken")
        self.id, self.organization_id, self.session = login["user"]["id"], login["user"]["orgId"], login["tokenId"]

    def set_up_app(self):
        """An authenticator app, which proves a second factor for this session."""
        method = {"mfaType": "GOOGLE_AUTH"}
        secret = must(call("POST", "/mfa/setup", self.token, method))["data"]["secret"]
        must(call("POST", "/mfa/verify-setup", self.token, {**method, "code": six_digits(secret)}))

    def another(self):
        """The id of a member of the same organization that is there."""
        if not self.others:
            email = create("user", self.organization)
            login = must(call("POST", "/user/login", body={"email": email, "password": PASSWORD}))
            self.others.append(login["user"]["id"])
        return self.others[-1]


class Owner(Caller):
    """Owns an organization, has an authenticator app and has just proved it: everything is open."""

    role = "owner"
    has_app = True
    enabled = True


class Member(Caller):
    """Has a password and no role: everything but the organization is open."""


class Limited(Caller):
    """Gave the password and owes the second factor."""

    has_app = True
    enabled, verified = True, False

    def become(self, organization=None):
        super().become(organization)
        self.sign_in()


class Gated(Caller):
    """Has to set a second factor up before anything else."""

    verified = False

    def become(self, organization=None):
        owner = Owner()
        owner.become(organization)
        super().become(owner.organization)
        must(call("POST", "/mfa/reset", owner.token, {"resetUserId": self.id, "enable": True}))
        self.sign_in()


class Nobody(Caller):
    """Has no token."""

    def bearer(self):
        return None


KINDS = {"owner": Owner, "member": Member, "limited": Limited, "gated": Gated, "nobody": Nobody}
