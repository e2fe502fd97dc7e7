import { Kernel } from "./args";

/** The program of a kernel and its arguments. */
interface Interpreter {
    program: string;
    scriptArguments: (script: string) => string[];
    codeArguments: (code: string) => string[];
}

const interpreters: Record<Kernel, Interpreter> = {
    // Unbuffered, or the lines of an engine that is killed are lost.
    python3: { program: "python3", scriptArguments: (s) => ["-u", s], codeArguments: (c) => ["-u", "-c", c] },
    r: { program: "Rscript", scriptArguments: (s) => [s], codeArguments: (c) => ["-e", c] },
};

/** The names of all kernels. */
export const kernels = Object.keys(interpreters) as Kernel[];

/** The program that an image needs for a kernel. */
export function programOf(kernel: Kernel): string {
    return interpreters[kernel].program;
}

/** The command that runs a script of the project. */
export function scriptCommand(kernel: Kernel, script: string): string[] {
    // A name such as `-c.py` would be taken for an option.
    const file = script.startsWith("-") ? `./${script}` : script;
    return [programOf(kernel), ...interpreters[kernel].scriptArguments(file)];
}

/** The command that runs source text. */
export function codeCommand(kernel: Kernel, code: string): string[] {
    // The byte order mark of an editor is a syntax error to Python.
    return [programOf(kernel), ...interpreters[kernel].codeArguments(code.replace(/^\uFEFF/, ""))];
}

/** The kernel for the file extension of a script. Arguments whose shape is wrong come here too. */
export function kernelOf(script: string | undefined): Kernel {
    return typeof script === "string" && /\.[rR]$/.test(script) ? Kernel.R : Kernel.Python3;
}

/** The image that engines run when `image` is not given: Debian with Python 3 and R, built from `engine/`. */
export const engineImage = "distributed-session/engine:0.2.0";

/** The label in which an image names the kernels that it has, separated by commas. */
export const kernelsLabel = "distributed-session.kernels";
