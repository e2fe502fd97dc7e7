"""Squares numbers in tasks that take turns on all nodes of the cluster."""

import os
import time

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

NODES = 3

# The head is found by RAY_ADDRESS. Nodes join once it listens.
ray.init(log_to_driver=False)
while len(ray.nodes()) < NODES:
    time.sleep(0.2)
nodes = [NodeAffinitySchedulingStrategy(node["NodeID"], soft=False) for node in ray.nodes()]


@ray.remote
def square(number):
    return number**2, int(os.environ["RANK"])


tasks = [square.options(scheduling_strategy=nodes[number % NODES]).remote(number) for number in range(12)]
results = ray.get(tasks)
print("Squares:", [value for value, _ in results])
print("Ranks of the engines that took part:", sorted({rank for _, rank in results}))
