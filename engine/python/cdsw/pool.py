"""The pool of a session: its engines, the workers that programs launch, and which engine runs which worker. It knows no socket."""

import math
import os
import time
from collections import deque

from .kernels import KERNELS
from .protocol import ProtocolError

STOP_GRACE_SECONDS = 5
MOST_WORKERS_OF_A_LAUNCH = 10000
UNKNOWN = "unknown"
LEFT = "its engine was stopped"


class PoolError(Exception):
    """What the pool cannot do. The text is one sentence."""


class Engine:
    """An engine of the pool whose agent has joined. `send` gives its agent a message."""

    def __init__(self, joined, send):
        self.rank = joined["rank"]
        self.cpu_millicores = joined["cpu_millicores"]
        self.memory_mb = joined["memory_mb"]
        self.gpus = joined["gpus"]
        self.ip = joined["ip"]
        self.app_port = joined["app_port"]
        self.send = send
        self.worker = None
        self.leaves = False


class Worker:
    """What one engine is to run, and how far that is."""

    def __init__(self, launch, now):
        self.id = os.urandom(8).hex()
        self.launch = launch
        self.status = "scheduling"
        self.created_at = now
        self.running_at = None
        self.finished_at = None
        self.engine = None
        self.is_stopped = False
        self.exit_code = None
        self.message = None
        self.last_lines = []

    @property
    def has_ended(self):
        return self.finished_at is not None

    def is_settled(self, until):
        """Whether a wait until `running` or `ended` is over for this worker."""
        return self.has_ended or (until == "running" and self.status == "running")

    def describe(self, now):
        """The dict that the calls of `cdsw` return."""
        ran = self.running_at is not None
        ip = self.engine.ip if ran else UNKNOWN
        port = self.engine.app_port if ran else None
        return {
            "id": self.id,
            "name": self.launch["name"],
            "status": self.status,
            "created_at": _stamp(self.created_at),
            "running_at": _stamp(self.running_at),
            "finished_at": _stamp(self.finished_at),
            "duration": int((self.finished_at or now) - self.running_at) if ran else None,
            "ip_address": ip,
            "app_url": "http://{}:{}/".format("[{}]".format(ip) if ":" in ip else ip, port) if port else UNKNOWN,
            "rank": self.engine.rank if self.engine else None,
            "exit_code": self.exit_code,
            "message": self.message,
            "last_lines": self.last_lines,
        }

    def describe_failure(self):
        """The text for the console of the master's engine."""
        who = "a worker" if self.engine is None or self.engine.rank is None else "worker {}".format(self.engine.rank)
        what = self.launch["script"] or "code"
        text = "{} failed: {} ({}, id {})".format(who, self.message, what, self.id)
        return "\n    ".join([text + ". Its last lines:"] + self.last_lines) if self.last_lines else text


class Pool:
    """`on_failure` is called with each worker that fails."""

    def __init__(self, on_failure, clock=time.time):
        self._on_failure = on_failure
        self._clock = clock
        self.engines = []
        self.workers = {}
        self.waiting = deque()
        # The engine that joined last tells what the session declares: all engines of the pool are alike.
        self._last_joined = None
        self.is_closed = False

    @property
    def has_known_engine(self):
        return self._last_joined is not None

    @property
    def running(self):
        return [engine.worker for engine in self.engines if engine.worker]

    def has_room_for(self, count):
        """Whether so many more workers find a free engine each."""
        free = sum(engine.worker is None and not engine.leaves for engine in self.engines)
        return free - len(self.waiting) >= count

    def join(self, engine):
        self.engines.append(engine)
        self._last_joined = engine
        for worker in list(self.waiting):
            problem = _too_large(worker.launch, engine)
            if problem:
                self.waiting.remove(worker)
                self._end(worker, problem)

    def lose(self, engine, reason):
        self.engines.remove(engine)
        if engine.worker:
            self._end(engine.worker, LEFT if engine.leaves else reason)

    def check(self, launch):
        """Raises what speaks against a launch, as far as it is known."""
        if self.is_closed:
            raise PoolError("No worker can be launched any more, because the master's program has ended.")
        problem = _unknown(launch) or (self._last_joined and _too_large(launch, self._last_joined))
        if problem:
            raise PoolError(problem)

    def launch(self, launch):
        """The workers of a launch; they wait for engines."""
        self.check(launch)
        workers = [Worker(launch, self._clock()) for _ in range(launch["n"])]
        self.workers.update((worker.id, worker) for worker in workers)
        self.waiting.extend(workers)
        return workers

    def assign(self):
        """Gives waiting workers to free engines."""
        for engine in self.engines:
            if not self.waiting:
                return
            if engine.worker is None and not engine.leaves:
                worker = self.waiting.popleft()
                engine.worker, worker.engine = worker, engine
                run = {name: worker.launch[name] for name in ("script", "code", "kernel", "env")}
                engine.send(dict(run, type="run", id=worker.id))

    def start(self, engine, id):
        """The agent has started the program of its worker."""
        worker = self._worker_of(engine, id)
        worker.status = "running"
        worker.running_at = self._clock()

    def end(self, engine, id, outcome):
        """The program has ended, or it could not start. The outcome has `exit_code`, `reason` and `lines`."""
        worker = self._worker_of(engine, id)
        worker.exit_code = outcome["exit_code"]
        worker.last_lines = outcome["lines"]
        self._end(worker, LEFT if engine.leaves else outcome["reason"])

    def stop(self, workers, grace=STOP_GRACE_SECONDS):
        for worker in workers:
            if worker.has_ended:
                continue
            worker.is_stopped = True
            if worker.engine:
                worker.engine.send({"type": "stop", "id": worker.id, "grace": grace})
            else:
                self.waiting.remove(worker)
                self._end(worker, None)

    def close(self):
        """Starts nothing any more."""
        self.is_closed = True
        self.stop(list(self.waiting))

    def find(self, ids):
        """The workers of these ids."""
        for id in ids:
            if id not in self.workers:
                raise PoolError("The session has no worker with the id {!r:.50}.".format(id))
        return [self.workers[id] for id in ids]

    def describe(self, workers):
        now = self._clock()
        return [worker.describe(now) for worker in workers]

    def _end(self, worker, reason):
        worker.finished_at = self._clock()
        if worker.engine:
            worker.engine.worker = None
        if worker.is_stopped:
            worker.status = "stopped"
        elif worker.exit_code == 0:
            worker.status = "succeeded"
        else:
            worker.status = "failed"
            worker.message = reason or "its program ended with exit code {}".format(worker.exit_code)
            self._on_failure(worker)

    def _worker_of(self, engine, id):
        if engine.worker is None or engine.worker.id != id:
            raise ProtocolError("the engine does not run a worker with the id {!r:.50}".format(id))
        return engine.worker


def _unknown(launch):
    """Why no session can do this launch, or None."""
    if not 1 <= launch["n"] <= MOST_WORKERS_OF_A_LAUNCH:
        return "n is {}; allowed are 1 to {}.".format(launch["n"], MOST_WORKERS_OF_A_LAUNCH)
    for name in ("cpu", "memory"):
        if not 0 < launch[name] < math.inf:
            return "{} is {}; it must be larger than 0.".format(name, launch[name])
    if launch["nvidia_gpu"] < 0:
        return "nvidia_gpu is {}; it must be 0 or larger.".format(launch["nvidia_gpu"])
    if not (launch["script"] or launch["code"]):
        return "script and code are both empty; give one of them."
    if launch["kernel"] is not None and launch["kernel"] not in KERNELS:
        return "The kernel {!r:.50} is unknown; known are {}.".format(launch["kernel"], " and ".join(KERNELS))
    for name, value in launch["env"].items():
        if not isinstance(value, str) or not name or "=" in name or "\0" in name + value:
            return "env[{!r:.50}] is no environment variable: the name holds no '=', and neither holds a zero byte.".format(name)
    return None


def _too_large(launch, engine):
    """Which declared limit a launch exceeds, or None. Declared are whole millicores and MiB, so fractions of these are no excess."""
    cpu, memory, gpus = engine.cpu_millicores, engine.memory_mb, engine.gpus
    if cpu is not None and launch["cpu"] * 1000 >= cpu + 1:
        return _excess("cpu={:g}".format(launch["cpu"]), "{:g} cores".format(cpu / 1000), "workers.cpu")
    if memory is not None and launch["memory"] * 1024 >= memory + 1:
        return _excess("memory={:g}".format(launch["memory"]), "{:.4g} GiB".format(memory / 1024), "workers.memory")
    if launch["nvidia_gpu"] > gpus:
        return _excess("nvidia_gpu={}".format(launch["nvidia_gpu"]), "{} GPUs".format(gpus), "workers.nvidiaGpu")
    return None


def _excess(asked, declared, argument):
    return "launch_workers asks for {}, but an engine of the pool has {}: ask for less, or raise {} in the declaration of the session.".format(
        asked, declared, argument
    )


def _stamp(seconds):
    """The moment in UTC, as 2022-09-09T12:02:14.031Z."""
    if seconds is None:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".{:03d}Z".format(int(seconds % 1 * 1000))
