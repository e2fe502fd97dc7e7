# Runs a command of the Python package, which prints an expression of R or the sentence of an error.
call.launcher <- function(request, options = NULL, ids = NULL) {
  command <- Sys.which("cdsw-call")
  if (command == "") {
    stop("The command cdsw-call is not on PATH: install the Python package cdsw in this image.", call. = FALSE)
  }
  printed <- tempfile("cdsw-")
  told <- tempfile("cdsw-")
  on.exit(unlink(c(printed, told)))
  arguments <- enc2utf8(c(request, "--format=r", options, if (length(ids) > 0) c("--", ids)))
  check.size(arguments)
  code <- system2(command, shQuote(arguments), stdout = printed, stderr = told, stdin = "/dev/null")
  if (code != 0) {
    stop(paste(readLines(told, encoding = "UTF-8"), collapse = "\n"), call. = FALSE)
  }
  eval(parse(printed, keep.source = FALSE), baseenv())
}

# Linux gives a program no longer argument, and the shell gets all of them as one.
check.size <- function(arguments, bytes = 131071 - 1024) {
  size <- sum(nchar(shQuote(arguments), "bytes") + 1)
  if (size > bytes) {
    stop("The call has ", size, " bytes, and at most ", bytes, " are possible: put the code into a script of the project.",
      call. = FALSE
    )
  }
}
