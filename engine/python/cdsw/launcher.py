"""cdsw-launcher: runs the master's program, and serves the engines of the pool until it has ended."""

import argparse
import asyncio
import os
import signal
import sys

from . import protocol
from .server import Server, listen, tell

# Workers have so long to end by themselves after a master's program that ended with 0.
GRACE_SECONDS = 3
CANNOT_RUN = 126
NOT_FOUND = 127


class Launcher:
    def __init__(self, server):
        self._server = server
        self._program = None
        self._signal = None

    async def run(self, listener, arguments):
        """The exit code of the program."""
        await self._server.start(listener)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._forward, number)
        code = await self._run_program(arguments)
        is_success = code == 0 and self._signal is None
        # A program that a signal asked to end may end with 0, and its engine may come back with the next one.
        told = 128 + self._signal if code == 0 and not is_success else code
        await self._server.end(told, GRACE_SECONDS if is_success else 0)
        if is_success:
            await self._server.dismiss_late(lambda: self._signal is not None)
        return code

    async def _run_program(self, arguments):
        try:
            self._program = await asyncio.create_subprocess_exec(*arguments)
        except OSError as error:
            tell("the master's program {} cannot start: {}".format(arguments[0], error.strerror))
            return NOT_FOUND if isinstance(error, FileNotFoundError) else CANNOT_RUN
        if self._signal is not None:
            self._forward(self._signal)
        code = await self._program.wait()
        return code if code >= 0 else 128 - code

    def _forward(self, number):
        self._signal = number
        if self._program is not None and self._program.returncode is None:
            self._program.send_signal(number)


def main():
    ports, program = _arguments(sys.argv[1:])
    key = os.environ.get("CDSW_SESSION_KEY")
    if not key:
        tell("the launcher needs the session's key, and CDSW_SESSION_KEY is not set")
        return 1
    port = protocol.port()
    try:
        listener = listen(port)
    except OSError as error:
        tell("the launcher cannot listen on port {} of the master's engine, which a session with a pool needs: {}".format(port, os.strerror(error.errno)))
        return 1
    return asyncio.run(_run(key, ports, listener, program))


async def _run(key, ports, listener, program):
    return await Launcher(Server(key, ports)).run(listener, program)


def _arguments(arguments):
    """The master's ports and its program."""
    parser = argparse.ArgumentParser(prog="cdsw-launcher", description=__doc__, usage="%(prog)s [--port PORT]... -- PROGRAM [ARGUMENT]...")
    parser.add_argument("--port", type=int, action="append", default=[], help="workers start once the master listens on all of these")
    # The options of the program are none of the launcher's.
    at = arguments.index("--") if "--" in arguments else len(arguments)
    ports = parser.parse_args(arguments[:at]).port
    program = arguments[at + 1 :]
    if not program:
        parser.error("there is no program after --")
    return ports, program
