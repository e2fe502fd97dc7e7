"""Adds up a number of every engine on all of them."""

import socket

import torch
import torch.distributed as dist

dist.init_process_group("gloo")
rank, size = dist.get_rank(), dist.get_world_size()
numbers = torch.tensor([float(rank + 1)])
dist.all_reduce(numbers)
print(f"rank {rank} of {size} on {socket.gethostname()}: the sum is {numbers.item():.0f}", flush=True)
dist.destroy_process_group()
