# The master of the conversation: answers each worker once, then ends.

workers <- as.integer(Sys.getenv("HELLO_WORKERS", "2"))

server <- serverSocket(6000)
for (i in seq_len(workers)) {
  connection <- socketAccept(server, open = "r+", blocking = TRUE)
  cat("Master received:", readLines(connection, n = 1), "\n")
  writeLines("Hello from the master", connection)
  close(connection)
}
close(server)
