"""Squares numbers in tasks that are spread over all nodes of the cluster."""

import os
import time

import ray

nodes = 3

# The head is found by RAY_ADDRESS. Nodes join once it listens.
ray.init(log_to_driver=False)
while len(ray.nodes()) < nodes:
    time.sleep(0.2)


@ray.remote(scheduling_strategy="SPREAD")
def square(number):
    time.sleep(0.1)  # Stands for work.
    return number**2, int(os.environ["RANK"])


results = ray.get([square.remote(number) for number in range(12)])
print("Squares:", [value for value, _ in results])
print("Ranks of the engines that took part:", sorted({rank for _, rank in results}))
