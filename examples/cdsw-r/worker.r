# A worker of the conversation: says hello to the master and prints what it answers.

connection <- socketConnection(
  host = Sys.getenv("CML_MASTER_IP"), port = 6000, open = "r+", blocking = TRUE
)
writeLines(paste("Hello from worker", Sys.getenv("RANK")), connection)
cat("Worker received:", readLines(connection, n = 1), "\n")
close(connection)
