"""The protocol between the launcher, its agents and its clients: lines, message shapes and proofs. It opens no socket."""

import hashlib
import hmac
import json
import os
import re

VERSION = 1
ROLES = ("agent", "client")
MAX_LINE = 1 << 20
HANDSHAKE_SECONDS = 5
PING_SECONDS = 1
# A connection that says nothing for so long is lost.
SILENCE_SECONDS = 4

PING = {"type": "ping"}

_text, _whole, _number, _texts, _none = (str,), (int,), (int, float), (list,), (type(None),)

# For each kind of message, its fields and the types that they may have.
HELLO = {"version": _whole, "role": _text, "nonce": _text}
CHALLENGE = {"version": _whole, "nonce": _text, "proof": _text}
PROOF = {"proof": _text}
FROM_AGENT = {
    "ping": {},
    "join": {
        "rank": _whole + _none,
        "cpu_millicores": _whole + _none,
        "memory_mb": _whole + _none,
        "gpus": _whole,
        "ip": _text,
        "app_port": _whole + _none,
    },
    "started": {"id": _text},
    "ended": {"id": _text, "exit_code": _whole + _none, "reason": _text + _none, "lines": _texts},
    "leave": {},
}
TO_AGENT = {
    "ping": {},
    "run": {"id": _text, "script": _text, "code": _text, "kernel": _text + _none, "env": (dict,)},
    "stop": {"id": _text, "grace": _number},
    "end": {"exit_code": _whole},
}
FROM_CLIENT = {
    "launch": {
        "n": _whole,
        "cpu": _number,
        "memory": _number,
        "nvidia_gpu": _whole,
        "kernel": _text + _none,
        "script": _text,
        "code": _text,
        "name": _text + _none,
        "env": (dict,),
    },
    "list": {},
    "await": {"ids": _texts, "until": _text, "seconds": _number + _none},
    "stop": {"ids": _texts + _none},
}


class ProtocolError(Exception):
    """The other side broke the protocol, or does not know the key. The text is one sentence for it."""


def port():
    """The launcher's port. Tests choose another, because their engines share one machine."""
    return int(os.environ.get("CDSW_LAUNCHER_PORT", "8099"))


def encode(message):
    line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise ProtocolError("a message has {} bytes; at most {} are allowed".format(len(line), MAX_LINE))
    return line


def decode(line):
    """The object of a line."""
    try:
        message = json.loads(line.decode())
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise ProtocolError("a line is no JSON object in UTF-8")
    return message


def check(message, shapes):
    """The type of a message whose fields fit its type."""
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in shapes:
        raise ProtocolError("the message type {!r:.50} is unknown; known are {}".format(kind, ", ".join(shapes)))
    check_fields({name: value for name, value in message.items() if name != "type"}, shapes[kind])
    return kind


def check_fields(message, shape):
    for name in message.keys() ^ shape.keys():
        state = "is missing" if name in shape else "is unknown"
        raise ProtocolError("the field {!r:.50} {}".format(name, state))
    for name, types in shape.items():
        value = message[name]
        # In Python, a boolean is a whole number.
        if not isinstance(value, types) or isinstance(value, bool):
            raise ProtocolError("the field {!r} has the wrong type, {}".format(name, type(value).__name__))
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise ProtocolError("the field {!r} holds something else than texts".format(name))


def new_nonce():
    return os.urandom(16).hex()


def check_hello(hello):
    check_version(hello)
    check_fields(hello, HELLO)
    if hello["role"] not in ROLES:
        raise ProtocolError("the role {!r:.50} is unknown; known are {}".format(hello["role"], ", ".join(ROLES)))
    check_nonce(hello["nonce"])


def check_version(message):
    version = message.get("version")
    if version != VERSION:
        raise ProtocolError("version {!r:.50} of the protocol is unknown; known is {}".format(version, VERSION))


def check_nonce(nonce):
    if not re.fullmatch("[0-9a-f]{32}", nonce):
        raise ProtocolError("a nonce is not 32 hexadecimal digits")


def launcher_proof(key, role, nonce, launchers_nonce):
    return _proof(key, "launcher", role, nonce, launchers_nonce)


def peer_proof(key, role, nonce, launchers_nonce):
    return _proof(key, role, launchers_nonce, nonce)


def check_proof(given, expected):
    # Bytes: a text with other characters than ASCII is an error to compare_digest.
    if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
        raise ProtocolError("the key of the session is another one (CDSW_SESSION_KEY)")


def _proof(key, *parts):
    return hmac.new(key.encode(), ":".join(parts).encode(), hashlib.sha256).hexdigest()
