import assert from "node:assert/strict";
import { TestBackend } from "./backends";
import { eventually } from "./eventually";
import { Executed, Site } from "./site";
import { Run, Stack } from "./stack";

/** Memory that is enough for Python, and little enough for many engines. */
export const small = { cpu: 0.5, memory: 0.125 };

/** The two roles of a session that talk over port 6000, as `code`. */
export const serve = {
    ...small,
    ports: [6000],
    code: `
import os, socket
with socket.create_server(("0.0.0.0", 6000)) as server:
    while True:
        connection, _ = server.accept()
        connection.sendall(b"hello")
        connection.close()
`,
};

/** A worker that asks the master once, and ends. */
export const ask = {
    ...small,
    code: `
import os, socket
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    print("Worker received:", connection.recv(100).decode())
`,
};

/** A program that prints its user's number, home and name, and whether it may write in its folder. */
export const inHome = [
    "sh",
    "-c",
    `id -u; touch here && python3 -c "import getpass, os; print(os.path.expanduser('~'), getpass.getuser(), 'written')"`,
];

/** A program that does nothing until it is stopped. */
export const idle = { ...small, command: ["sleep", "3600"] };

/** A session for one test: a stack of this project's program, which is destroyed after the test, whatever came of it. */
export class TestSession<S extends Site = Site> {
    static readonly open: TestSession[] = [];

    private constructor(
        readonly backend: TestBackend<S>,
        readonly stack: Stack,
    ) {}

    static async create<S extends Site>(
        backend: TestBackend<S>,
        config: Record<string, unknown>,
        program?: string,
        stack?: string,
    ): Promise<TestSession<S>> {
        const session = new TestSession(backend, await Stack.create(backend.configured(config), program, stack));
        TestSession.open.push(session);
        return session;
    }

    /** Replaces the configuration. */
    configure(config: Record<string, unknown>): void {
        this.stack.configure(this.backend.configured(config));
    }

    /** Runs `up`, which must succeed. */
    async up(...flags: string[]): Promise<Run> {
        const run = await this.stack.up(...flags);
        assert.equal(run.exitCode, 0, run.output);
        return run;
    }

    /** Runs `refresh`, which must succeed. */
    async refresh(): Promise<void> {
        const run = await this.stack.refresh();
        assert.equal(run.exitCode, 0, run.output);
    }

    /** Runs `up`, which must fail: with a text, and not with a trace of the program. */
    async failToComeUp(): Promise<Run> {
        const run = await this.stack.up();
        assert.notEqual(run.exitCode, 0, run.output);
        assert.doesNotMatch(run.output, /at .*\.[jt]s:\d+|unhandled|serializing property/);
        return run;
    }

    engines() {
        return this.backend.site.engines(this.stack.identity()) as ReturnType<S["engines"]>;
    }

    leftovers(): Promise<string[]> {
        return this.backend.site.leftovers(this.stack.identity());
    }

    /** Removes an engine at once, behind Pulumi's back. */
    async removeEngine(name: string): Promise<void> {
        await this.backend.site.remove((await this.engines()).get(name)!);
    }

    /** Runs a command in one of the engines. */
    async exec(engine: string, ...command: string[]): Promise<Executed> {
        return this.backend.site.exec((await this.engines()).get(engine)!, ...command);
    }

    /** What a shell script prints in one of the engines. */
    async shell(engine: string, script: string): Promise<string> {
        return (await this.exec(engine, "sh", "-c", script)).text.trim();
    }

    /** What distinguishes the engines from others in their place, by name. */
    async ids(): Promise<Map<string, string>> {
        return new Map([...(await this.engines())].map(([name, { id }]) => [name, id]));
    }

    /** Waits until all engines are ready, for so long: a refresh of one that is not notes that, and the next `up` has something to do. */
    async untilReady(forMs = 0): Promise<void> {
        let since = Date.now();
        await eventually("engines that are ready", 60_000 + forMs, async () => {
            const areReady = [...(await this.engines()).values()].every(({ isReady }) => isReady);
            since = areReady ? since : Date.now();
            return areReady && Date.now() - since >= forMs;
        });
    }

    /** Asserts that there is nothing to do after a refresh, in one call of the CLI: rest.spec.ts asks in every way. */
    async assertAtRest(): Promise<void> {
        const { output } = await this.up("--refresh", "--expect-no-changes");
        assert.match(output, /Resources:\n {4}\d+ unchanged\n/, output);
    }
}

/** Destroys the sessions of a test, and makes sure that nothing of them is left. */
export async function destroySessions(): Promise<void> {
    const sessions = TestSession.open.splice(0);
    for (const session of sessions) {
        await session.stack.remove();
    }
    for (const session of sessions) {
        assert.deepEqual(await session.leftovers(), []);
    }
}
