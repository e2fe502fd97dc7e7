# The master of the conversation: launches two workers, answers each of them once, then ends.

library("cdsw")

workers <- launch.workers(n = 2, cpu = 0.2, memory = 0.5, script = "worker.r")

for (worker in workers) {
  # The package keeps the port open between the two.
  connection <- socketConnection(port = 6000, server = TRUE, blocking = TRUE, open = "r+")
  cat("Master received:", readLines(connection, n = 1), "\n")
  writeLines("Hello from the master", connection)
  close(connection)
}
