"""The master of the conversation: answers each worker once, then ends."""

import os
import socket

WORKERS = int(os.environ.get("HELLO_WORKERS", "2"))

with socket.create_server(("0.0.0.0", 6000), backlog=WORKERS) as server:
    for _ in range(WORKERS):
        connection, address = server.accept()
        with connection, connection.makefile("r", encoding="utf-8") as lines:
            print("Master received:", lines.readline().strip())
            connection.sendall(f"Hello {address[0]} from the master\n".encode())
