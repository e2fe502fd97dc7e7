# The server sockets that stay open, by port.
listening <- new.env()

# A call of one of R's own functions, with variables that have the names of its arguments.
call.of <- function(name) {
  arguments <- sapply(names(formals(getExportedValue("base", name))), as.name)
  as.call(c(call("::", quote(base), as.name(name)), arguments))
}
accept <- call.of("socketAccept")
connect <- call.of("socketConnection")

# R's own function listens only while it waits: between two connections, a worker finds the port closed.
socketConnection <- function() {
  listens <- isTRUE(as.logical(server))
  if (listens && !identical(open, "")) {
    socket <- listen(port)
    return(eval(accept))
  }
  if (listens) {
    # It is opened later, and listens by itself then.
    stop.listening(port)
  }
  eval(connect)
}
# Of this R: `options` is not in every version.
formals(socketConnection) <- formals(base::socketConnection)

listen <- function(port) {
  key <- as.character(as.integer(port))
  if (!is.listening(key)) {
    assign(key, serverSocket(port), envir = listening)
  }
  listening[[key]]
}

# The number of a connection that somebody has closed may be another connection's by now; its id is not.
is.listening <- function(key) {
  server <- listening[[key]]
  !is.null(server) && tryCatch(
    identical(attr(getConnection(server), "conn_id"), attr(server, "conn_id")),
    error = function(gone) FALSE
  )
}

stop.listening <- function(port) {
  key <- as.character(as.integer(port))
  if (is.listening(key)) {
    close(listening[[key]])
  }
  suppressWarnings(rm(list = key, envir = listening))
}

# Without the mark, library("cdsw") prints that socketConnection is masked.
.onAttach <- function(libname, pkgname) {
  assign(".conflicts.OK", TRUE, envir = as.environment(paste0("package:", pkgname)))
}
