"""Adds up an array on a Dask cluster for a minute, and says how many workers there are."""

import os
import time

import dask.array as da
from distributed import Client

client = Client(os.environ.get("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:8786"))
end = time.time() + 60
while time.time() < end:
    total = da.arange(10_000_000, chunks=500_000).sum().compute()
    workers = len(client.scheduler_info(n_workers=-1)["workers"])
    print(f"the sum is {total}, by {workers} workers", flush=True)
