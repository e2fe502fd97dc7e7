"""Requests to the launcher, one connection each."""

import os

from .connection import connect
from .protocol import ProtocolError


class Error(RuntimeError):
    """A call that this session cannot do. The text is a sentence that says why."""


def request(kind, **fields):
    """The items of the launcher's answer."""
    _check_session()
    try:
        connection = connect("client")
    except ProtocolError as error:
        raise Error("The launcher of this session gives no answer: {}.".format(error)) from None
    except (OSError, EOFError) as error:
        raise Error("The launcher of this session cannot be reached: {}.".format(error)) from None
    try:
        connection.send(dict(fields, type=kind))
        return _items(connection)
    except ProtocolError as error:
        raise Error("{}.".format(error)) from None
    except (OSError, EOFError) as error:
        raise Error("The connection to the launcher of this session is lost: {}.".format(error)) from None
    finally:
        connection.close()


def _items(connection):
    items = []
    while True:
        answer = connection.receive()
        if "error" in answer:
            raise Error(answer["error"])
        if "done" in answer:
            return items
        items.append(answer["item"])


def _check_session():
    if not os.environ.get("CDSW_MASTER_IP"):
        raise Error(
            "This program runs outside a session, because CDSW_MASTER_IP is not set: "
            "workers can be launched in the engines of a DistributedSession only."
        )
    if not os.environ.get("CDSW_SESSION_KEY"):
        raise Error(
            "This session has no pool of workers, because CDSW_SESSION_KEY is not set: "
            "declare `workers` without script, code and command."
        )
