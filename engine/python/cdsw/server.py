"""The launcher's server: it brings agents and clients together in the pool."""

import asyncio
import errno
import socket
import sys
import time

from . import protocol
from .peer import Peer
from .pool import Engine, Pool, PoolError
from .ports import listening_ports
from .protocol import ProtocolError

BACKLOG = 1024
# The first launch waits so long for the first engine, which tells what the session declares.
FIRST_ENGINE_SECONDS = 10
# The engines of a pool join one after the other. A launch waits so long after the last one for the next, so that each worker finds an engine of
# its own, and not when the first one joined longer ago than the time above.
NEXT_ENGINE_SECONDS = 5
POLL_SECONDS = 0.05
HINT_SECONDS = 5
# At the end: how long a worker has after TERM, an agent to tell it, and all agents to leave.
STOP_GRACE_SECONDS = 1
MARGIN_SECONDS = 0.5
DISMISS_SECONDS = 1
# The first engines are created once the launcher listens. Those that find it gone would take the session for broken: it waits so long after
# its start for the first of them, and so long after each for the next.
LATE_SECONDS = 15
NEXT_SECONDS = 2


def listen(port):
    """A socket on every address of this engine."""
    listener = _bind(port)
    # The accepted connections have it too: a small message must not wait until the one before it is confirmed.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _bind(port):
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
        except OSError as error:
            # The system may know IPv6 and have it switched off.
            if error.errno == errno.EADDRINUSE:
                raise
    return socket.create_server(("", port), backlog=BACKLOG)


def tell(text):
    """A line on the console of the master's engine."""
    print("cdsw: {}".format(text), file=sys.stderr, flush=True)


class Server:
    """`ports`: those of the master that must listen before any worker starts."""

    def __init__(self, key, ports):
        self.pool = Pool(on_failure=lambda worker: tell(worker.describe_failure()))
        self._key = key
        self._ports = set(ports)
        self._may_start = not ports
        self._changed = asyncio.Event()
        self._end = None
        # Until when a launch waits for the first engine, since when there is one, and until when more of them may join.
        self._first_launch_until = self._first_joined_at = None
        self._joining_until = 0

    async def start(self, listener):
        self._first_until = self._late_until = self._now() + LATE_SECONDS
        # Both live as long as the launcher.
        self._watcher = asyncio.ensure_future(self._watch())
        self._server = await asyncio.start_server(self._serve, sock=listener, backlog=BACKLOG, limit=protocol.MAX_LINE)

    async def end(self, master_code, grace):
        """Ends all workers, after a grace in which they may end by themselves, and then dismisses the engines."""
        self.pool.close()
        self._change()
        await self._until(lambda: not self.pool.running, grace)
        self.pool.stop(self.pool.running, STOP_GRACE_SECONDS)
        await self._until(lambda: not self.pool.running, STOP_GRACE_SECONDS + MARGIN_SECONDS)
        if master_code != 0:
            # An agent that waits for the next launcher must not come back to this one.
            self._server.close()
        self._end = {"type": "end", "exit_code": master_code}
        for engine in self.pool.engines:
            engine.send(self._end)
        await self._until(lambda: not self.pool.engines, DISMISS_SECONDS)

    async def dismiss_late(self, is_stopped):
        """Dismisses engines that join after a master's program which was soon over, unless this launcher is asked to stop."""
        while self._now() < self._late_until and not is_stopped():
            await asyncio.sleep(POLL_SECONDS)
        await self._until(lambda: not self.pool.engines, DISMISS_SECONDS)

    async def _serve(self, reader, writer):
        peer = Peer(reader, writer)
        try:
            role = await asyncio.wait_for(peer.greet(self._key), protocol.HANDSHAKE_SECONDS)
            await (self._serve_agent(peer) if role == "agent" else self._serve_client(peer))
        except ProtocolError as error:
            peer.send({"error": str(error)})
        except (OSError, EOFError, asyncio.TimeoutError):
            peer.abort()
        finally:
            peer.close()

    async def _serve_agent(self, peer):
        joined = await peer.receive(protocol.SILENCE_SECONDS)
        if protocol.check(joined, protocol.FROM_AGENT) != "join":
            raise ProtocolError("the first message of an agent is not 'join'")
        engine = Engine(joined, peer.send)
        self.pool.join(engine)
        self._late_until = min(self._first_until, self._now() + NEXT_SECONDS)
        self._first_joined_at = self._first_joined_at or self._now()
        self._joining_until = min(self._now() + NEXT_ENGINE_SECONDS, self._first_joined_at + FIRST_ENGINE_SECONDS)
        self._change()
        if self._end:
            engine.send(self._end)
        pings = asyncio.ensure_future(peer.ping())
        reason = "the connection to its engine is lost"
        try:
            while True:
                message = await peer.receive(protocol.SILENCE_SECONDS)
                self._hear(engine, message)
        except ProtocolError as error:
            reason = "its engine broke the protocol: {}".format(error)
            raise
        finally:
            pings.cancel()
            self.pool.lose(engine, reason)
            self._change()

    def _hear(self, engine, message):
        kind = protocol.check(message, protocol.FROM_AGENT)
        if kind == "ping":
            return
        if kind == "started":
            self.pool.start(engine, message["id"])
        elif kind == "ended":
            self.pool.end(engine, message["id"], message)
        elif kind == "leave":
            engine.leaves = True
        else:
            raise ProtocolError("an agent joined twice")
        self._change()

    async def _serve_client(self, peer):
        while True:
            request = await peer.receive(None)
            answer = asyncio.ensure_future(self._answer(request))
            pings = asyncio.ensure_future(peer.ping())
            try:
                # The pings end where the client has gone.
                await asyncio.wait({answer, pings}, return_when=asyncio.FIRST_COMPLETED)
                if not answer.done():
                    return
                for item in answer.result():
                    peer.send({"item": item})
                peer.send({"done": True})
            except PoolError as error:
                peer.send({"error": str(error)})
            finally:
                pings.cancel()
                answer.cancel()

    async def _answer(self, request):
        """The items of the answer to a client."""
        kind = protocol.check(request, protocol.FROM_CLIENT)
        pool = self.pool
        if kind == "stop":
            return self._stop(request["ids"])
        if kind == "launch":
            pool.check(request)
            await self._until_joined(request["n"])
            workers = pool.launch(request)
            self._change()
        elif kind == "list":
            workers = list(pool.workers.values())
        else:
            workers = pool.find(request["ids"])
            await self._until(lambda: all(worker.is_settled(request["until"]) for worker in workers), request["seconds"])
        return pool.describe(workers)

    async def _until_joined(self, count):
        """Waits until engines for so many more workers have joined, or no more of them seem to join."""
        pool = self.pool
        latest = self._now() + FIRST_ENGINE_SECONDS
        self._first_launch_until = self._first_launch_until or latest
        await self._until(lambda: pool.has_known_engine or pool.is_closed, self._first_launch_until - self._now())
        while not (pool.is_closed or pool.has_room_for(count)):
            left = min(latest, self._joining_until) - self._now()
            if left <= 0:
                return
            await self._until(lambda: pool.is_closed or pool.has_room_for(count), left)

    def _stop(self, ids):
        workers = self.pool.workers
        if ids is None:
            ids = [worker.id for worker in workers.values() if not worker.has_ended]
        self.pool.stop([workers[id] for id in ids if id in workers])
        self._change()
        return [{"id": id, "status_code": 200 if id in workers else 404} for id in ids]

    def _change(self):
        """Gives work to free engines, and wakes all that wait for a change."""
        if self._may_start:
            self.pool.assign()
        self._changed.set()
        self._changed = asyncio.Event()

    @staticmethod
    def _now():
        return asyncio.get_running_loop().time()

    async def _until(self, holds, seconds=None):
        """Waits until this holds, at most so long."""
        loop = asyncio.get_running_loop()
        deadline = None if seconds is None else loop.time() + seconds
        while not holds():
            left = None if deadline is None else deadline - loop.time()
            if left is not None and left <= 0:
                return
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except asyncio.TimeoutError:
                return

    async def _watch(self):
        """Starts work once the master's ports listen, and tells once for what it waits: the ports, or engines."""
        told = None
        while True:
            if not self.pool.waiting:
                told = None
                await self._until(lambda: self.pool.waiting)
            if not self._may_start and self._ports <= listening_ports():
                self._may_start = True
                self._change()
            why = self._why_waiting()
            if why and told is not self._may_start:
                told = self._may_start
                tell(why)
            await asyncio.sleep(POLL_SECONDS)

    def _why_waiting(self):
        """Why workers have waited for long, or None."""
        waiting = self.pool.waiting
        if not waiting or time.time() - waiting[0].created_at < HINT_SECONDS:
            return None
        if not self._may_start:
            ports = ", ".join(map(str, sorted(self._ports - listening_ports())))
            return "workers wait until the master listens on port {} (master.ports in the declaration)".format(ports)
        return "workers wait for a free engine: the pool has {} (workers.n in the declaration)".format(len(self.pool.engines))
