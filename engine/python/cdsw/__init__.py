"""Workers of a session: pieces of work that the engines of the pool run.

The calls and their results are those of Cloudera's package of this name.
"""

from .client import Error
from .workers import await_workers, launch_workers, list_workers, stop_workers

__all__ = ["Error", "await_workers", "launch_workers", "list_workers", "stop_workers"]
