"""One piece of work in an engine: a program in a process group of its own, and what is known about it at its end."""

import os
import signal
import subprocess
import threading

from .kernels import ScriptError, command

LAST_LINES = 20
LINE_BYTES = 1000
# A process that left the group may hold the output open: so long is waited for the rest of it.
DRAIN_SECONDS = 1


class Outcome:
    """How a program ended. The exit code is None where it could not start; without a reason, the exit code says all."""

    def __init__(self, exit_code, reason, lines, is_stopped=False):
        self.exit_code = exit_code
        self.reason = reason
        self.lines = lines
        self.is_failure = exit_code != 0 and not is_stopped


class Console:
    """The engine's output. What follows a last line without its end begins on a line of its own."""

    def __init__(self, descriptor=1):
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._is_line_open = False

    def write(self, data):
        with self._lock:
            self._write(data)

    def tell(self, sentence):
        with self._lock:
            self._write((b"\n" if self._is_line_open else b"") + "cdsw: {}\n".format(sentence).encode(errors="replace"))

    def end_line(self):
        with self._lock:
            if self._is_line_open:
                self._write(b"\n")

    def _write(self, data):
        self._is_line_open = not data.endswith(b"\n")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            # Nobody reads the output any more; the program goes on.
            pass


class Tail:
    """The last lines of an output."""

    def __init__(self):
        self._lines = []
        self._rest = b""

    def add(self, data):
        *lines, rest = (self._rest + data).split(b"\n")
        self._lines = (self._lines + [line[:LINE_BYTES] for line in lines[-LAST_LINES:]])[-LAST_LINES:]
        self._rest = rest[:LINE_BYTES]

    def lines(self):
        lines = self._lines + ([self._rest] if self._rest else [])
        return [line.decode(errors="replace") for line in lines[-LAST_LINES:]]


class Work:
    """A program that runs. Raises ScriptError where it cannot start."""

    def __init__(self, run, console):
        """`run` is the message of the launcher."""
        self.id = run["id"]
        folder = os.getcwd()
        arguments = command(folder, run["script"], run["code"], run["kernel"])
        self._console = console
        self._tail = Tail()
        self._ending = threading.Lock()
        self._has_ended = False
        self._is_stopped = False
        self._oom_kills = oom_kills()
        self._process = _start(arguments, dict(os.environ, **run["env"]))
        _be_the_first_to_be_killed(self._process.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self):
        """Waits for the end of the program, and ends what is left of its group."""
        pid = self._process.pid
        # Not yet reaped: until then no other group has its number.
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        with self._ending:
            self._signal(signal.SIGKILL)
            self._has_ended = True
            code = self._process.wait()
        self._reader.join(DRAIN_SECONDS)
        self._console.end_line()
        exit_code = code if code >= 0 else 128 - code
        return Outcome(exit_code, self._reason(code), self._tail.lines(), self._is_stopped)

    def stop(self, grace):
        """Asks the group to end, and ends it after the grace."""
        self._is_stopped = True
        self._signal_running(signal.SIGTERM)
        timer = threading.Timer(grace, self._signal_running, [signal.SIGKILL])
        timer.daemon = True
        timer.start()

    def _read(self):
        descriptor = self._process.stdout.fileno()
        while True:
            data = os.read(descriptor, 65536)
            if not data:
                break
            self._tail.add(data)
            self._console.write(data)
        self._process.stdout.close()

    def _reason(self, code):
        if code != 0 and oom_kills() > self._oom_kills:
            memory = os.environ.get("CDSW_MEMORY_MB")
            limit = "the engine has {} MB".format(memory) if memory else "the engine's limit is reached"
            return "a process of it was killed for memory: {}; raise workers.memory".format(limit)
        if code < 0:
            return "its program was ended by signal {}".format(-code)
        return None

    def _signal_running(self, number):
        with self._ending:
            if not self._has_ended:
                self._signal(number)

    def _signal(self, number):
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            # Permission: on some systems a group of zombies alone.
            pass


def _start(arguments, environment):
    try:
        return subprocess.Popen(
            arguments,
            bufsize=0,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise ScriptError("the image of the engine has no {}".format(arguments[0])) from None
    except (OSError, ValueError) as error:
        raise ScriptError("{} cannot start: {}".format(arguments[0], error)) from None


def _be_the_first_to_be_killed(pid):
    """Where memory is short, the program is killed, not the agent that has to tell it."""
    try:
        with open("/proc/{}/oom_score_adj".format(pid), "w") as file:
            file.write("1000")
    except OSError:
        # It has ended already, or the system has no such file.
        pass


def oom_kills(folder="/sys/fs/cgroup"):
    """How many processes of this engine were killed for memory so far."""
    for file in ("memory.events", "memory/memory.oom_control"):
        try:
            with open(os.path.join(folder, file)) as lines:
                counts = dict(line.split() for line in lines)
            return int(counts["oom_kill"])
        except (OSError, KeyError, ValueError):
            continue
    return 0
