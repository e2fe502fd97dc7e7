import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { Interrupted, Problem } from "./problem";
import { Progress } from "./progress";

/** How a command is run. */
export interface RunOptions {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Seconds after which it is ended. */
    limit?: number;
    /** Seconds within which it must say something, or it is ended. */
    firstLineWithin?: number;
    /** Lines that say nothing about the matter. */
    ignore?: RegExp;
}

/** How a command ended. */
export interface Outcome {
    /** 0 for success. */
    code: number;
    stdout: string;
    /** The last lines of both outputs. */
    tail: string[];
}

/** Asks a program something that is answered at once, and shows nothing. */
export async function ask(command: string[], options: RunOptions = {}): Promise<Outcome> {
    return execute(command, { limit: 20, ...options }, () => {});
}

/** Runs a step with visible progress, and says whether it worked. */
export async function attempt(what: string, command: string[], options: RunOptions = {}): Promise<boolean> {
    return (await visibly(what, command, options)).code === 0;
}

/** Runs a step with visible progress; a failure ends everything with `advice`. */
export async function run(what: string, command: string[], advice: string, options: RunOptions = {}): Promise<void> {
    const { code, tail } = await visibly(what, command, options);
    if (code !== 0) throw new Problem(`${what} failed: ${advice}`, tail);
}

async function visibly(what: string, command: string[], options: RunOptions): Promise<Outcome> {
    const progress = new Progress(what);
    let how = "interrupted";
    try {
        const outcome = await execute(command, options, (line) => progress.update(line));
        how = outcome.code === 0 ? "done" : "did not work";
        return outcome;
    } finally {
        progress.end(how);
    }
}

async function execute(command: string[], options: RunOptions, onLine: (line: string) => void): Promise<Outcome> {
    const [program = "", ...args] = command;
    // A process group of its own: a signal must reach the tool's children too, and reach them once.
    const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
    });
    let stdout = "";
    const tail: string[] = [];
    const take = (line: string) => {
        if (line.trim() === "" || options.ignore?.test(line)) return;
        tail.push(line.trimEnd());
        if (tail.length > 12) tail.shift();
        onLine(line.trim());
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    readLines(child.stdout, take);
    readLines(child.stderr, take);

    const ending = endEarly(child, options, () => tail.length > 0);
    try {
        const code = await exitCode(child, tail);
        if (ending.interrupted) throw new Interrupted();
        if (ending.late !== undefined) tail.push(ending.late);
        return { code: ending.late === undefined ? code : 124, stdout, tail };
    } finally {
        ending.stop();
    }
}

/** Ends the command at Ctrl-C and at its time limits. */
function endEarly(child: ChildProcess, options: RunOptions, hasSpoken: () => boolean) {
    const state = { interrupted: false, late: undefined as string | undefined, stop: () => {} };
    const end = (signal: NodeJS.Signals) => {
        try {
            if (child.pid !== undefined) process.kill(-child.pid, signal);
        } catch {
            // It has ended in the meantime.
        }
    };
    const interrupt = () => {
        // The second time there is no more waiting for a tidy end.
        end(state.interrupted ? "SIGKILL" : "SIGINT");
        state.interrupted = true;
    };
    const after = (seconds: number | undefined, reason: string, applies: () => boolean) =>
        seconds === undefined
            ? undefined
            : setTimeout(() => {
                  if (!applies()) return;
                  state.late = `(${reason} ${seconds} s)`;
                  end("SIGKILL");
              }, seconds * 1000);
    const timers = [
        after(options.limit, "ended after", () => true),
        after(options.firstLineWithin, "no answer within", () => !hasSpoken()),
    ];
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, interrupt);
    state.stop = () => {
        for (const timer of timers) clearTimeout(timer);
        for (const signal of signals) process.off(signal, interrupt);
    };
    return state;
}

function exitCode(child: ChildProcess, tail: string[]): Promise<number> {
    return new Promise((resolve) => {
        child.on("error", (error) => {
            tail.push(error.message);
            resolve(127);
        });
        child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
}

/** Progress bars rewrite their line with a carriage return, so it ends a line too. */
function readLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
        const lines = (rest + text).split(/[\r\n]/);
        rest = lines.pop() ?? "";
        lines.forEach(take);
    });
    stream.on("end", () => take(rest));
}
