/**
 * A text as Kubernetes is to be given it: in the arguments and the environment of a container it replaces `$(NAME)` by a variable and
 * `$$` by `$`, which no other backend does. A lone `$` would do before most characters, but not before one beyond ASCII.
 */
export function literal(text: string): string {
    return text.replaceAll("$", "$$$$");
}

/** A variable of the container itself, to be filled in by Kubernetes. */
export function variable(name: string): string {
    return `$(${name})`;
}
