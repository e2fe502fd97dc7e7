"""The master of the conversation: launches two workers, answers each of them once, then ends."""

import socket

import cdsw

WORKERS = 2

cdsw.launch_workers(n=WORKERS, cpu=0.2, memory=0.5, script="worker.py")

with socket.create_server(("0.0.0.0", 6000), backlog=WORKERS) as server:
    for _ in range(WORKERS):
        connection, address = server.accept()
        with connection, connection.makefile("r", encoding="utf-8") as lines:
            print("Master received:", lines.readline().strip())
            connection.sendall(f"Hello {address[0]} from the master\n".encode())
