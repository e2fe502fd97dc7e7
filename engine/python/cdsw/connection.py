"""A connection to the launcher, on which both sides have proved that they know the session's key. It blocks."""

import os
import socket
import threading

from . import protocol
from .protocol import ProtocolError


class Connection:
    def __init__(self, sock):
        self._socket = sock
        self._received = b""
        self._sending = threading.Lock()

    def send(self, message):
        line = protocol.encode(message)
        with self._sending:
            self._socket.sendall(line)

    def receive(self):
        """The next message that is no ping. Raises EOFError at the end, and OSError after a silence."""
        while True:
            message = protocol.decode(self._line())
            if message != protocol.PING:
                return message

    def stop_receiving(self):
        """Ends the wait in `receive`, also that of another thread."""
        try:
            self._socket.shutdown(socket.SHUT_RD)
        except OSError:
            # It has ended already.
            pass

    def close(self):
        self._socket.close()

    def _line(self):
        # The pieces of a long line are joined once: to search all of it after each piece takes time with its square.
        pieces = []
        size = 0
        rest = self._received
        while b"\n" not in rest:
            pieces.append(rest)
            size += len(rest)
            if size > protocol.MAX_LINE:
                raise ProtocolError("the launcher sent more than {} bytes in a line".format(protocol.MAX_LINE))
            rest = self._socket.recv(65536)
            if rest == b"":
                raise EOFError("the launcher ended the connection")
        end, self._received = rest.split(b"\n", 1)
        return b"".join(pieces) + end


def connect(role):
    """Connects to the launcher of this engine's session, and proves the key in both directions."""
    address = (os.environ["CDSW_MASTER_IP"], protocol.port())
    key = os.environ["CDSW_SESSION_KEY"]
    sock = socket.create_connection(address, timeout=protocol.HANDSHAKE_SECONDS)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(sock)
        _shake_hands(connection, role, key)
        sock.settimeout(protocol.SILENCE_SECONDS)
        return connection
    except BaseException:
        sock.close()
        raise


def _shake_hands(connection, role, key):
    nonce = protocol.new_nonce()
    connection.send({"version": protocol.VERSION, "role": role, "nonce": nonce})
    challenge = _answer(connection)
    protocol.check_version(challenge)
    protocol.check_fields(challenge, protocol.CHALLENGE)
    protocol.check_nonce(challenge["nonce"])
    protocol.check_proof(challenge["proof"], protocol.launcher_proof(key, role, nonce, challenge["nonce"]))
    connection.send({"proof": protocol.peer_proof(key, role, nonce, challenge["nonce"])})
    if _answer(connection) != {"welcome": True}:
        raise ProtocolError("the launcher gave an unknown answer to the proof of the key")


def _answer(connection):
    answer = connection.receive()
    if "error" in answer:
        raise ProtocolError("the launcher refused the connection: {}".format(answer["error"]))
    return answer
