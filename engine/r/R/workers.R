launch.workers <- function(n, cpu, memory, nvidia_gpu = 0, kernel = "r", script = "", code = "", name = NULL, env = "",
                           accelerator_label_id = NULL, resource_profile_id = NULL, resource_group_id = NULL) {
  if (nzchar(script) && nzchar(code)) {
    warning("script and code are both given: code is ignored")
  }
  # A script's extension decides, unless the caller does.
  options <- list(
    n = n, cpu = cpu, memory = memory, "nvidia-gpu" = nvidia_gpu,
    kernel = if (!(missing(kernel) && nzchar(script))) kernel,
    script = script, code = if (nzchar(script)) "" else code, name = name
  )
  call.launcher("launch", c(given(options), variables(env)))
}

list.workers <- function() {
  call.launcher("list")
}

await.workers <- function(ids, wait_for_completion = TRUE, timeout_seconds = 60) {
  until <- if (!isTRUE(as.logical(wait_for_completion))) "--running"
  call.launcher("await", c(until, given(list(timeout = timeout_seconds))), ids.of(ids))
}

stop.workers <- function(...) {
  ids <- ids.of(list(...))
  # Without ids the command stops all workers, and an empty list names none of them.
  if (...length() > 0 && length(ids) == 0) {
    return(list())
  }
  call.launcher("stop", ids = ids)
}

# The options of a command for these values. NULL is no option.
given <- function(values) {
  values <- Filter(Negate(is.null), values)
  for (name in names(values)) {
    if (!is.atomic(values[[name]]) || length(values[[name]]) != 1 || is.na(values[[name]])) {
      stop(name, " has to be one value", call. = FALSE)
    }
  }
  paste0("--", names(values), "=", vapply(values, format, "", digits = 15, scientific = FALSE))
}

# Options for the variables of a list or of a vector with names; "" is none.
variables <- function(env) {
  names <- names(env)
  if (is.null(names) && all(vapply(env, identical, NA, ""))) {
    return(character())
  }
  if (is.null(names) || any(is.na(names) | names == "") || any(lengths(env) != 1)) {
    stop('env has to have one value for each name, such as c(SIZE = "3"), or be ""', call. = FALSE)
  }
  paste0("--env=", names, "=", vapply(env, as.character, ""))
}

# The ids of what the calls accept: ids, a worker as launch.workers returns it, or lists of these.
ids.of <- function(workers) {
  if (is.character(workers)) {
    return(workers)
  }
  if (!is.list(workers)) {
    stop("workers are given by their ids, or as launch.workers returns them", call. = FALSE)
  }
  if (!is.null(workers[["id"]])) {
    return(workers[["id"]])
  }
  as.character(unlist(lapply(workers, ids.of)))
}
