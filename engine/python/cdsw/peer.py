"""A connection to the launcher, on the launcher's side."""

import asyncio

from . import protocol
from .protocol import ProtocolError


class Peer:
    """One connection of an agent or a client. Nothing that it says counts before it has proved the key."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    def send(self, message):
        self._writer.write(protocol.encode(message))

    async def receive(self, seconds):
        """The next message. Raises EOFError at the end, and TimeoutError after so long a silence."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), seconds)
        except ValueError:
            raise ProtocolError("a line has more than {} bytes".format(protocol.MAX_LINE)) from None
        if not line.endswith(b"\n"):
            raise EOFError
        return protocol.decode(line)

    async def greet(self, key):
        """The role of a peer that has proved the key."""
        hello = await self.receive(None)
        protocol.check_hello(hello)
        role, nonce, own_nonce = hello["role"], hello["nonce"], protocol.new_nonce()
        proof = protocol.launcher_proof(key, role, nonce, own_nonce)
        self.send({"version": protocol.VERSION, "nonce": own_nonce, "proof": proof})
        answer = await self.receive(None)
        protocol.check_fields(answer, protocol.PROOF)
        protocol.check_proof(answer["proof"], protocol.peer_proof(key, role, nonce, own_nonce))
        self.send({"welcome": True})
        return role

    async def ping(self):
        """Pings until the connection is lost."""
        try:
            while True:
                self.send(protocol.PING)
                await self._writer.drain()
                await asyncio.sleep(protocol.PING_SECONDS)
        except OSError:
            return

    def close(self):
        """Closes once all is sent."""
        self._writer.close()

    def abort(self):
        """Closes without waiting for a peer that reads nothing."""
        self._writer.transport.abort()
