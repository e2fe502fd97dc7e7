"""The calls of Cloudera's package `cdsw`."""

import warnings

from .client import Error, request


def launch_workers(
    n,
    cpu,
    memory,
    nvidia_gpu=0,
    kernel=None,
    script="",
    code="",
    name=None,
    env=None,
    accelerator_label_id=None,
    resource_profile_id=None,
    resource_group_id=None,
):
    """Runs a script of the project, or code, on `n` engines of the pool, and returns the workers as dicts, without waiting for their end.

    cpu: cores, and memory: GiB, of each worker; at most what the session declares.
    kernel: "python3" or "r"; by default that of the script's extension, or Python.
    script: a path in the project. It wins over `code`.
    code: source text, or a command of the shell after a "!".
    env: variables beside those of the engine.
    The parameters whose names end with `_id` have no effect.
    """
    if script and code:
        warnings.warn("script and code are both given: code is ignored", stacklevel=2)
    return request(
        "launch",
        n=n,
        cpu=cpu,
        memory=memory,
        nvidia_gpu=nvidia_gpu or 0,
        kernel=kernel or None,
        script=script or "",
        code="" if script else code or "",
        name=name,
        env=_texts(env or {}),
    )


def list_workers():
    """All workers of the session, as dicts, in the order of their launch."""
    return request("list")


def await_workers(ids, wait_for_completion=True, timeout_seconds=60):
    """Waits until all workers have ended, or, without `wait_for_completion`, until all run.

    ids: an id, the dict of a worker, or a list of these. timeout_seconds: 0 waits without limit.
    Returns {"workers": [...], "failures": [...]}. Among the failures are those that were too late, with status "timedout", and,
    without `wait_for_completion`, also those that have succeeded already.
    """
    until = "ended" if wait_for_completion else "running"
    good = "succeeded" if wait_for_completion else "running"
    workers = request("await", ids=_ids(ids), until=until, seconds=timeout_seconds or None)
    for worker in workers:
        if worker["status"] in ("scheduling", "running") and worker["status"] != good:
            worker["status"] = "timedout"
    return {
        "workers": [worker for worker in workers if worker["status"] == good],
        "failures": [worker for worker in workers if worker["status"] != good],
    }


class StopResponse:
    """The answer to the stop of one worker. `status_code` is that of HTTP: 200, or 404 for an unknown id."""

    def __init__(self, id, status_code):
        self.id = id
        self.status_code = status_code

    def __repr__(self):
        return "StopResponse(id={!r}, status_code={})".format(self.id, self.status_code)


def stop_workers(*worker_id):
    """Stops workers, or all of them where none is given. Returns objects with the `status_code` of each stop."""
    ids = _ids(worker_id) if worker_id else None
    return [StopResponse(**item) for item in request("stop", ids=ids)]


def _ids(workers):
    """The ids of what the calls accept: an id, the dict of a worker, or a list of these."""
    if isinstance(workers, str):
        return [workers]
    if isinstance(workers, dict):
        if "id" not in workers:
            raise Error("A worker has no id: {}.".format(workers))
        return [workers["id"]]
    return [id for each in workers for id in _ids(each)]


def _texts(env):
    return {str(name): str(value) for name, value in env.items()}
