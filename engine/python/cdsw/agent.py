"""cdsw-agent: waits in an engine of the pool and runs what the launcher in the master's engine gives it."""

import argparse
import glob
import os
import re
import signal
import sys
import threading
import time

from . import protocol
from .connection import connect
from .kernels import ScriptError
from .protocol import ProtocolError
from .work import Console, Outcome, Work

# An engine is created once the launcher listens: where it finds none, the master has ended already.
FIRST_SECONDS = 20
AGAIN_SECONDS = 10
PAUSE_SECONDS = 0.5
# How long a program has to end by itself after a signal to this agent, and after the loss of its launcher.
STOP_GRACE_SECONDS = 5
LOST_GRACE_SECONDS = 1


class GivenUp(Exception):
    """No launcher takes this engine. The text is one sentence."""


class Agent:
    def __init__(self, stays, console):
        self._stays = stays
        self._console = console
        self._connection = None
        self._work = None
        self._runner = None
        self._is_terminated = False
        self._has_failed = False

    def run(self):
        """Serves launchers until it is dismissed. Returns the exit code of the engine."""
        seconds = FIRST_SECONDS
        while True:
            self._connection = self._connect(seconds)
            if self._connection is None:
                return 1 if self._has_failed else 0
            seconds = AGAIN_SECONDS
            master_code = self._serve()
            self._connection = None
            self.stop_work(LOST_GRACE_SECONDS)
            if self._is_terminated:
                return 0
            if master_code is None:
                self._console.tell("the connection to the launcher in the master's engine is lost")
            elif not self._stays:
                return 1 if self._has_failed else 0
            elif master_code == 0:
                return 0

    def terminate(self, *_):
        """The end that a signal asks for."""
        self._is_terminated = True
        if self._connection is None:
            sys.exit(0)
        # A signal alone does not end the wait for a message.
        self._connection.stop_receiving()

    def stop_work(self, grace):
        """Stops what runs, and waits for its end."""
        work, runner = self._work, self._runner
        if work:
            work.stop(grace)
        if runner:
            runner.join()

    def _connect(self, seconds):
        """A connection, or None where no launcher answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return connect("agent")
            except ProtocolError as error:
                raise GivenUp("this engine cannot join its session: {}".format(error)) from None
            except (OSError, EOFError) as error:
                if time.monotonic() > deadline and not self._stays:
                    text = "no launcher answers in the master's engine ({}:{}), which may have ended: {}"
                    self._console.tell(text.format(os.environ["CDSW_MASTER_IP"], protocol.port(), error))
                    return None
            time.sleep(PAUSE_SECONDS)

    def _serve(self):
        """The exit code of the master's program, or None where the connection is lost."""
        connection = self._connection
        is_over = threading.Event()
        threading.Thread(target=_ping, args=[connection, is_over], daemon=True).start()
        try:
            connection.send(_join())
            while True:
                message = connection.receive()
                kind = protocol.check(message, protocol.TO_AGENT)
                if kind == "end":
                    return message["exit_code"]
                self._start(message) if kind == "run" else self._stop(message)
        except ProtocolError as error:
            self._console.tell("the launcher in the master's engine broke the protocol: {}".format(error))
        except (OSError, EOFError):
            if self._is_terminated:
                self._send({"type": "leave"})
                self.stop_work(STOP_GRACE_SECONDS)
        finally:
            is_over.set()
            connection.close()
        return None

    def _start(self, run):
        if self._work:
            raise ProtocolError("an engine that runs a worker was given another one")
        try:
            work = self._work = Work(run, self._console)
        except (ScriptError, OSError, ValueError) as error:
            self._end(run["id"], Outcome(None, str(error), []))
            return
        self._send({"type": "started", "id": work.id})
        self._runner = threading.Thread(target=self._wait, args=[work], daemon=True)
        self._runner.start()

    def _stop(self, message):
        work = self._work
        if work and work.id == message["id"]:
            work.stop(message["grace"])

    def _wait(self, work):
        outcome = work.wait()
        # The launcher may give the next work as soon as it knows.
        self._work = None
        self._end(work.id, outcome)

    def _end(self, id, outcome):
        self._has_failed = self._has_failed or outcome.is_failure
        self._send(
            {"type": "ended", "id": id, "exit_code": outcome.exit_code, "reason": outcome.reason, "lines": outcome.lines}
        )

    def _send(self, message):
        connection = self._connection
        if connection:
            _send(connection, message)


def _ping(connection, is_over):
    while not is_over.wait(protocol.PING_SECONDS):
        _send(connection, protocol.PING)


def _send(connection, message):
    try:
        connection.send(message)
    except OSError:
        # Perhaps half of it was sent: nothing may follow. The loop that receives messages ends.
        connection.stop_receiving()


def _join():
    return {
        "type": "join",
        "rank": _number("RANK"),
        "cpu_millicores": _number("CDSW_CPU_MILLICORES"),
        "memory_mb": _number("CDSW_MEMORY_MB"),
        "gpus": sum(1 for file in glob.glob("/dev/nvidia*") if re.fullmatch("/dev/nvidia[0-9]+", file)),
        "ip": os.environ.get("CDSW_IP_ADDRESS", "unknown"),
        "app_port": _number("CDSW_APP_PORT"),
    }


def _number(variable):
    text = os.environ.get(variable, "")
    return int(text) if text.isdigit() else None


def main():
    parser = argparse.ArgumentParser(prog="cdsw-agent", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="wait for the next launcher where the master's program failed")
    stays = parser.parse_args().stay
    console = Console()
    missing = [name for name in ("CDSW_MASTER_IP", "CDSW_SESSION_KEY") if not os.environ.get(name)]
    if missing:
        console.tell("this engine belongs to no session with a pool: {} is not set".format(" and ".join(missing)))
        return 1
    agent = Agent(stays, console)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, agent.terminate)
    try:
        return agent.run()
    except GivenUp as error:
        console.tell(error)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        agent.stop_work(0)
