import { MissingPrerequisite } from "./prerequisites";

/** How a command is run. */
export interface RunOptions {
    env?: NodeJS.ProcessEnv;
    cwd?: string;
    /** The most seconds that it may take; then it is stopped, and has failed. Default: no limit. */
    timeoutSeconds?: number;
}

const beatMs = 10_000;
const keptLines = 15;
/** Where nothing says how wide a line may be. */
const lineWidth = 120;

/** Prints a line about what the toolchain does. */
export function print(text: string): void {
    process.stderr.write(`${text}\n`);
}

/** Runs a command that may take long, as `attempt` does. Fails with its title and the last lines that it printed. */
export async function run(title: string, command: string, args: string[], options: RunOptions = {}): Promise<void> {
    const { code, output } = await attempt(title, command, args, options);
    if (code !== 0) {
        const end = output.trimEnd().split("\n").slice(-keptLines).join("\n  ");
        throw new MissingPrerequisite(`${title} failed. The last lines of \`${command} ${args[0] ?? ""}\`:\n  ${end}`);
    }
}

/** The end of a command: its exit code (127 where the command does not exist) and what it printed, both streams together. */
export interface Outcome {
    code: number;
    output: string;
}

/** Runs a command that may take long, and shows its progress. */
export async function attempt(
    title: string,
    command: string,
    args: string[],
    options: RunOptions = {},
): Promise<Outcome> {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const isTerminal = process.stderr.isTTY;
    const lines: string[] = [];
    print(`${title} ...`);
    const beat = setInterval(
        () => {
            const line = `  ${seconds()} s  ${lines.at(-1) ?? ""}`;
            const shown = line.slice(0, (process.stderr.columns ?? lineWidth) - 1);
            process.stderr.write(isTerminal ? `\r\x1b[K${shown}` : `${shown}\n`);
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
        print(`  ${outcome.code === 0 ? "done" : "failed"} after ${seconds()} s`);
    }
    return outcome;
}

/** Runs a command quietly. */
export async function capture(
    command: string,
    args: string[],
    options: RunOptions = {},
    onText: (text: string) => void = () => undefined,
): Promise<Outcome> {
    // An ES module: tsx finds its parts by import() alone.
    const { execa } = await import("execa");
    const child = execa(command, args, {
        cwd: options.cwd,
        env: options.env,
        extendEnv: options.env === undefined,
        stdin: "ignore",
        all: true,
        reject: false,
        stripFinalNewline: false,
        timeout: (options.timeoutSeconds ?? 0) * 1000,
    });
    child.all.on("data", (data: Buffer) => onText(data.toString()));
    const { all, exitCode, shortMessage } = await child;
    const isNotFound = child.pid === undefined;
    return { code: exitCode ?? (isNotFound ? 127 : 1), output: all || (shortMessage ?? "") };
}

/** Whether a command is on the PATH of an environment. */
export async function isOnPath(command: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
    return (await capture("sh", ["-c", `command -v ${command}`], { env })).code === 0;
}
