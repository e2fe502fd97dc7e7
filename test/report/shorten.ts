const firstCharacters = 2000;
const lastCharacters = 4000;

/** The beginning and the end of a text that is too long to be read: an assertion quotes all that `up` has printed. */
function shortened(text: string): string {
    const left = text.length - firstCharacters - lastCharacters;
    return left <= 0
        ? text
        : `${text.slice(0, firstCharacters)}\n[... ${left} characters ...]\n${text.slice(-lastCharacters)}`;
}

/** Cuts the texts of an error for the report. */
export function shorten(error: Error): void {
    const { message, stack } = error;
    const at = stack?.lastIndexOf(message) ?? -1;
    error.message = shortened(message);
    if (stack !== undefined) {
        const frames = at < 0 ? "" : stack.slice(at + message.length);
        error.stack = at < 0 ? shortened(stack) : `${stack.slice(0, at)}${error.message}${frames}`;
    }
}
