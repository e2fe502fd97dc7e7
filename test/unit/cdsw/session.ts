import { ChildProcess, execFileSync, spawn } from "child_process";
import { once } from "events";
import * as fs from "fs";
import * as net from "net";
import * as os from "os";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { folderWith } from "../../helpers/folders";

// The name on the PATH may be a slow script that chooses a version.
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();

/** How many milliseconds a test waits for what must come: a machine that does other things too starts programs slowly. */
const patience = 30_000;

/** The key of the sessions of these tests. */
export const key = "5e".repeat(32);

/** A process of a session, with all that it printed. */
export class Program {
    output = Buffer.alloc(0);
    errors = "";
    /** Its exit code, or null after a signal. */
    readonly ended: Promise<number | null>;

    constructor(readonly child: ChildProcess) {
        child.stdout!.on("data", (data: Buffer) => (this.output = Buffer.concat([this.output, data])));
        child.stderr!.on("data", (data: Buffer) => (this.errors += String(data)));
        this.ended = once(child, "close").then(([code]) => code as number | null);
    }

    /** All lines of both outputs. */
    get text(): string {
        return String(this.output) + this.errors;
    }

    kill(signal: NodeJS.Signals): void {
        this.child.kill(signal);
    }

    /** Waits until the output matches. */
    async prints(pattern: RegExp): Promise<RegExpExecArray> {
        await until(
            () => pattern.test(this.text),
            () => `${String(pattern)} in: ${this.text}`,
        );
        return pattern.exec(this.text)!;
    }
}

/** A launcher and agents, as processes of this machine. */
export class PoolSession {
    readonly folder: string;
    readonly agents: Program[] = [];
    launcher!: Program;
    private readonly programs: Program[] = [];

    private constructor(
        readonly port: number,
        files: Record<string, string>,
        private readonly environment: Record<string, string>,
    ) {
        this.folder = folderWith(files);
    }

    /** A session with these files whose programs have these variables; nothing runs yet. */
    static async of(
        files: Record<string, string> = {},
        environment: Record<string, string> = {},
    ): Promise<PoolSession> {
        return new PoolSession(await freePort(), files, environment);
    }

    /** A session that runs: its master's program is `cat`, which ends with 0 once its input ends. */
    static async running(agents: number, files: Record<string, string> = {}): Promise<PoolSession> {
        const session = await PoolSession.of(files);
        session.launch(["cat"]);
        await session.listens();
        await session.join(agents);
        return session;
    }

    /** Starts the launcher around a program. */
    launch(program: string[], options: string[] = [], environment: Record<string, string> = {}): Program {
        this.launcher = this.command("launcher", [...options, "--", ...program], environment);
        return this.launcher;
    }

    /** Waits until the launcher listens. */
    async listens(): Promise<void> {
        for (const end = Date.now() + patience; !(await accepts(this.port)); await pause(20)) {
            if (Date.now() > end || this.launcher.child.exitCode !== null) {
                throw new Error(`the launcher does not listen: ${this.launcher.text}`);
            }
        }
    }

    /** Starts an agent. */
    agent(rank: number, options: string[] = [], environment: Record<string, string> = {}): Program {
        const agent = this.command("agent", options, { RANK: String(rank), ...environment });
        this.agents.push(agent);
        return agent;
    }

    /** Starts agents with the ranks from 1, and waits until they have joined. */
    async join(count: number): Promise<void> {
        for (let rank = 1; rank <= count; rank++) {
            this.agent(rank);
        }
        if (count > 0) {
            await this.joined(count);
        }
    }

    /** Waits until each of so many agents runs something, and then stops that. */
    async joined(count: number): Promise<void> {
        await this.python(`
            workers = cdsw.launch_workers(n=${count}, cpu=0.2, memory=0.5, code="!sleep 60")
            assert not cdsw.await_workers(workers, wait_for_completion=False)["failures"]
            cdsw.stop_workers(workers)
            cdsw.await_workers(workers)`);
    }

    /** The command `cdsw-<name>` as a process. */
    command(name: string, args: string[] = [], environment: Record<string, string> = {}): Program {
        const code = `import sys; from cdsw.${name} import main; sys.argv[0] = "cdsw-${name}"; sys.exit(main())`;
        return this.start([python, "-c", code, ...args], environment);
    }

    /** What a program that uses `cdsw` gives `result`, by way of JSON. */
    async python(code: string, environment: Record<string, string> = {}): Promise<any> {
        const margin = /^ *(?=\S)/m.exec(code)![0];
        const text = code.replace(new RegExp(`^${margin}`, "gm"), "");
        const whole = `import cdsw, json, sys, time\nresult = None\n${text}\nprint("\\n" + json.dumps(result))`;
        const program = this.start([python, "-c", whole], environment);
        if ((await program.ended) !== 0) {
            throw new Error(program.text);
        }
        return JSON.parse(String(program.output).trimEnd().split("\n").at(-1)!);
    }

    start([file, ...args]: string[], environment: Record<string, string> = {}): Program {
        const child = spawn(file!, args, {
            cwd: this.folder,
            env: this.variables(environment),
            stdio: ["pipe", "pipe", "pipe"],
        });
        child.stdin.on("error", () => undefined);
        const program = new Program(child);
        this.programs.push(program);
        return program;
    }

    /** Ends the master's program with 0, and waits for the launcher and the agents. Returns their exit codes. */
    async end(): Promise<(number | null)[]> {
        this.launcher.child.stdin!.end();
        return Promise.all([this.launcher, ...this.agents].map((program) => program.ended));
    }

    /** Kills what still runs. */
    async close(): Promise<void> {
        for (const program of this.programs) {
            // A program whose launcher was killed ends with its input.
            program.child.stdin!.end();
            program.kill("SIGCONT");
            program.kill("SIGTERM");
        }
        const ended = Promise.all(this.programs.map((program) => program.ended));
        const timer = setTimeout(() => this.programs.forEach((program) => program.kill("SIGKILL")), 6000);
        await ended;
        clearTimeout(timer);
    }

    private variables(environment: Record<string, string>): Record<string, string> {
        const all: Record<string, string> = {
            PATH: `${path.dirname(python)}:${process.env.PATH}`,
            HOME: this.folder,
            PYTHONPATH: path.join(projectFolder, "engine/python"),
            PYTHONPYCACHEPREFIX: path.join(os.tmpdir(), "distributed-session-pycache"),
            PYTHONUNBUFFERED: "1",
            CDSW_MASTER_IP: "127.0.0.1",
            CDSW_SESSION_KEY: key,
            CDSW_LAUNCHER_PORT: String(this.port),
            CDSW_CPU_MILLICORES: "200",
            CDSW_MEMORY_MB: "512",
            CDSW_IP_ADDRESS: "127.0.0.1",
            CDSW_APP_PORT: "8090",
            ...this.environment,
            ...environment,
        };
        // An empty text stands for no variable.
        return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
    }
}

/** Waits until this holds, at most half a minute. */
export async function until(holds: () => boolean, what: () => string): Promise<void> {
    for (const end = Date.now() + patience; !holds(); await pause(20)) {
        if (Date.now() > end) {
            throw new Error(`waited in vain for ${what()}`);
        }
    }
}

/** Tests that wait more than they compute run a few at a time. */
export function sideBySide(tests: [title: string, run: () => Promise<void>][]): void {
    const lanes: Promise<void>[] = Array.from({ length: 4 }, () => Promise.resolve());
    const running: Promise<void>[] = [];
    before(() => {
        tests.forEach(([, run], index) => {
            const lane = index % lanes.length;
            running[index] = lanes[lane]!.then(run);
            // Each failure belongs to its own test.
            lanes[lane] = running[index].catch(() => undefined);
        });
    });
    for (const [index, [title]] of tests.entries()) {
        it(title, async () => {
            await running[index];
        });
    }
}

export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Whether a process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
    return stateOf(pid) !== undefined && stateOf(pid) !== "Z";
}

/** The letter of a process's state, or undefined where there is no such process. */
export function stateOf(pid: number): string | undefined {
    try {
        return /^State:\t(\w)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))![1];
    } catch {
        return undefined;
    }
}

async function accepts(port: number): Promise<boolean> {
    const socket = net.connect(port, "127.0.0.1");
    const accepted = await new Promise<boolean>((resolve) => {
        socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    });
    socket.destroy();
    return accepted;
}

export async function freePort(): Promise<number> {
    const server = net.createServer().listen(0);
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
