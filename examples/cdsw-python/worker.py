"""A worker of the conversation: says hello to the master and prints what it answers."""

import os
import socket

with socket.create_connection((os.environ["CDSW_MASTER_IP"], 6000)) as connection:
    connection.sendall(f"Hello from worker {os.environ['RANK']}\n".encode())
    with connection.makefile("r", encoding="utf-8") as lines:
        print("Worker received:", lines.readline().strip())
