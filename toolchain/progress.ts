import { spawn } from "child_process";
import { Missing } from "./missing";

/** How a command is run. */
export interface RunOptions {
    env?: NodeJS.ProcessEnv;
    cwd?: string;
    /** After so many seconds it is ended, and has failed. Default: no limit. */
    timeoutSeconds?: number;
}

const beatMs = 10_000;
const keptLines = 15;

/** Prints one line about what the toolchain does. */
export function say(text: string): void {
    process.stderr.write(`${text}\n`);
}

/** Runs a command that may take long, as `attempt` does. Fails with what it does and the last lines that it printed. */
export async function run(what: string, command: string, args: string[], options: RunOptions = {}): Promise<void> {
    const { code, output } = await attempt(what, command, args, options);
    if (code !== 0) {
        const end = output.trimEnd().split("\n").slice(-keptLines).join("\n  ");
        throw new Missing(`${what} failed. The last lines of \`${command} ${args[0] ?? ""}\`:\n  ${end}`);
    }
}

/** What a command came to: its exit code (127 where there is no such command) and what it printed, both streams together. */
export interface Outcome {
    code: number;
    output: string;
}

/** Runs a command that may take long, and shows that it goes on. */
export async function attempt(
    what: string,
    command: string,
    args: string[],
    options: RunOptions = {},
): Promise<Outcome> {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const isTerminal = process.stderr.isTTY;
    const lines: string[] = [];
    say(`${what} ...`);
    const beat = setInterval(
        () => {
            const line = `  ${seconds()} s  ${lines.at(-1) ?? ""}`;
            process.stderr.write(
                isTerminal ? `\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line}\n`,
            );
        },
        isTerminal ? 1000 : beatMs,
    );
    const outcome = await capture(command, args, options, (text) => {
        lines.push(...text.split(/[\r\n]+/).filter((line) => line.trim() !== ""));
        lines.splice(0, lines.length - keptLines);
    });
    clearInterval(beat);
    if (isTerminal) {
        process.stderr.write("\r\x1b[K");
    }
    if (seconds() >= 2) {
        say(`  ${outcome.code === 0 ? "done" : "failed"} after ${seconds()} s`);
    }
    return outcome;
}

/** Runs a command quietly. */
export function capture(
    command: string,
    args: string[],
    options: RunOptions = {},
    onText: (text: string) => void = () => undefined,
): Promise<Outcome> {
    return new Promise((resolve) => {
        const child = spawn(command, args, {
            env: options.env ?? process.env,
            cwd: options.cwd,
            stdio: ["ignore", "pipe", "pipe"],
            // Not `timeout`: its timer keeps this program alive when the command could not be started.
            signal:
                options.timeoutSeconds === undefined ? undefined : AbortSignal.timeout(options.timeoutSeconds * 1000),
        });
        let output = "";
        const keep = (data: Buffer) => {
            output += data.toString();
            onText(data.toString());
        };
        child.stdout.on("data", keep);
        child.stderr.on("data", keep);
        child.on("error", (error) => resolve({ code: 127, output: error.message }));
        child.on("close", (code) => resolve({ code: code ?? 1, output }));
    });
}

/** Whether a command is there, on the PATH of an environment. */
export async function isOnPath(command: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
    return (await capture("sh", ["-c", `command -v ${command}`], { env })).code === 0;
}
