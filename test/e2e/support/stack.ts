import type { Subprocess } from "execa";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { parse } from "yaml";
import { prepare } from "../../../toolchain/prepare";
import { projectFolder } from "../../../toolchain/versions";
import { recordCall } from "../../report/calls";
import { compiledProgram } from "./program";

export { projectFolder };

/** What a run of `pulumi` printed, how it ended and how long it took. */
export interface Run {
    exitCode: number;
    output: string;
    seconds: number;
    /** Each chunk of output with the moment at which it came, in ms since the start. */
    chunks: { at: number; text: string }[];
}

/** After this long, Ctrl-C is pressed again. */
const patienceMs = 15_000;

/** Is set where the environment is one that `prepare` has given. */
export const preparedVariable = "DISTRIBUTED_SESSION_TEST_PREPARED";

/** What distinguishes an encrypted value in the state from others. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** What `stack init` made, by project. */
const firstStacks = new Map<string, { name: string; state: string; config: string }>();

let environment: Promise<NodeJS.ProcessEnv> | undefined;

/** The environment in which `pulumi` runs; gets what is missing the first time. */
export function toolEnvironment(): Promise<NodeJS.ProcessEnv> {
    environment ??= process.env[preparedVariable] === undefined ? prepare() : Promise.resolve({ ...process.env });
    return environment;
}

/** A Pulumi stack with a state of its own, driven by the CLI as a user drives it. */
export class Stack {
    private running: Subprocess | undefined;

    private constructor(
        readonly name: string,
        readonly folder: string,
        private readonly program: string,
        readonly environment: NodeJS.ProcessEnv,
    ) {}

    /** Makes a stack of a program (this project's, unless another folder is named) with a configuration and a state of its own. */
    static async create(config: Record<string, unknown>, program = projectFolder, asked?: string): Promise<Stack> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-"));
        const name = asked ?? `t${path.basename(folder).slice(-6).toLowerCase()}`;
        const environment = {
            ...(await toolEnvironment()),
            PULUMI_BACKEND_URL: `file://${folder}`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            // The tests check types on their own.
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        };
        const stack = new Stack(name, folder, compiledProgram(program), environment);
        await stack.init();
        stack.configure(config);
        return stack;
    }

    /** Makes the stack's state: the first one of a project by the CLI, and all others as copies of it. */
    private async init(): Promise<void> {
        const project = this.project();
        const first = firstStacks.get(project);
        if (first === undefined) {
            // `stack init` writes the stack's salt beside the Pulumi.yaml that it finds: not into the program's own folder.
            fs.writeFileSync(path.join(this.folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
            const run = await this.run(["stack", "init", this.name], this.folder);
            if (run.exitCode !== 0) {
                throw new Error(run.output);
            }
            const [state, config] = [this.stateFile(), this.configFile()].map((file) => fs.readFileSync(file, "utf8"));
            firstStacks.set(project, { name: this.name, state: state!, config: config! });
            return;
        }
        fs.mkdirSync(path.dirname(this.stateFile()), { recursive: true });
        fs.writeFileSync(path.join(this.folder, ".pulumi/meta.yaml"), "version: 1\n");
        fs.writeFileSync(this.stateFile(), first.state.replaceAll(`/${first.name}"`, `/${this.name}"`));
        fs.writeFileSync(this.configFile(), first.config);
    }

    /** The session's label, for a session of that name. */
    identity(session = "session"): string {
        return `${this.project()}/${this.name}/${session}`;
    }

    /** Replaces the configuration; keys are those of the program's project. */
    configure(config: Record<string, unknown>): void {
        const salt = this.salt();
        const entries = Object.entries(config).map(([key, value]) => [`${this.project()}:${key}`, value]);
        fs.writeFileSync(this.configFile(), JSON.stringify({ ...salt, config: Object.fromEntries(entries) }));
    }

    up(...flags: string[]): Promise<Run> {
        return this.pulumi("up", "--yes", "--skip-preview", ...flags);
    }

    /** A preview that fails when it finds something to do. */
    previewNothing(...flags: string[]): Promise<Run> {
        return this.pulumi("preview", "--expect-no-changes", "--diff", ...flags);
    }

    preview(...flags: string[]): Promise<Run> {
        return this.pulumi("preview", ...flags);
    }

    refresh(): Promise<Run> {
        return this.pulumi("refresh", "--yes", "--skip-preview");
    }

    destroy(): Promise<Run> {
        return this.pulumi("destroy", "--yes", "--skip-preview");
    }

    /** The stack's outputs. */
    async outputs(): Promise<any> {
        const { outputs = {} } = (await this.resources()).find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
        if (!JSON.stringify(outputs).includes(secretMark)) {
            return outputs;
        }
        const run = await this.pulumi("stack", "output", "--json", "--show-secrets");
        return JSON.parse(run.output);
    }

    /** The resources in the stack's state, as the CLI exports them. */
    resources(): Promise<any[]> {
        const { checkpoint } = JSON.parse(fs.readFileSync(this.stateFile(), "utf8"));
        return Promise.resolve(checkpoint.latest?.resources ?? []);
    }

    /** Whether Pulumi is about to create, change or delete a resource: one that is interrupted then is recreated. */
    isChanging(): boolean {
        const { checkpoint } = JSON.parse(fs.readFileSync(this.stateFile(), "utf8"));
        return (checkpoint.latest?.pending_operations ?? []).length > 0;
    }

    /** Runs the CLI. What it prints on both streams comes together. */
    pulumi(...args: string[]): Promise<Run> {
        const config = ["stack", "cancel"].includes(args[0]!) ? [] : ["--config-file", this.configFile()];
        return this.run([...args, "--stack", this.name, ...config], this.program);
    }

    private async run(args: string[], cwd: string): Promise<Run> {
        const { execa } = await import("execa");
        const start = Date.now();
        const streams = { stdin: "ignore", all: true, stripFinalNewline: false } as const;
        const child = execa("pulumi", [...args, "--non-interactive"], {
            cwd,
            env: this.environment,
            extendEnv: false,
            reject: false,
            ...streams,
        });
        this.running = child;
        const chunks: Run["chunks"] = [];
        child.all.on("data", (data: Buffer) => chunks.push({ at: Date.now() - start, text: data.toString() }));
        const { all, exitCode = -1 } = await child;
        const seconds = (Date.now() - start) / 1000;
        recordCall(args.slice(0, args[0] === "stack" ? 2 : 1).join(" "), seconds);
        return { exitCode, output: all, seconds, chunks };
    }

    /** Interrupts the command that runs, as Ctrl-C does: once more where the first time only makes it wait for the program. */
    interrupt(): void {
        const { running } = this;
        running!.kill("SIGINT");
        setTimeout(() => running!.exitCode === null && running!.kill("SIGINT"), patienceMs).unref();
    }

    /** Interrupts the command that runs, as two Ctrl-C do. */
    interruptTwice(): void {
        const { running } = this;
        running!.kill("SIGINT");
        setTimeout(() => running!.kill("SIGINT"), 100);
    }

    /** Kills the command that runs: it has no chance to do anything. */
    kill(): void {
        this.running!.kill("SIGKILL");
    }

    /** Takes away the lock that a killed command left. */
    cancel(): Promise<Run> {
        return this.pulumi("cancel", "--yes");
    }

    /** Destroys what there is and forgets the stack. */
    async remove(): Promise<void> {
        const run = await this.destroy();
        if (run.exitCode !== 0) {
            throw new Error(`The stack ${this.name} in ${this.folder} could not be destroyed:\n${run.output}`);
        }
        fs.rmSync(this.folder, { recursive: true });
    }

    private project(): string {
        return readYaml<{ name: string }>(path.join(this.program, "Pulumi.yaml")).name;
    }

    private configFile(): string {
        return path.join(this.folder, `Pulumi.${this.name}.yaml`);
    }

    private stateFile(): string {
        return path.join(this.folder, ".pulumi/stacks", this.project(), `${this.name}.json`);
    }

    /** The CLI keeps what it encrypts secrets with in the same file. */
    private salt(): Record<string, string> {
        const file = this.configFile();
        const { encryptionsalt } = fs.existsSync(file) ? readYaml<{ encryptionsalt?: string }>(file) : {};
        return encryptionsalt === undefined ? {} : { encryptionsalt };
    }
}

function readYaml<T>(file: string): T {
    return parse(fs.readFileSync(file, "utf8")) as T;
}
