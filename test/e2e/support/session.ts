import assert from "node:assert/strict";
import { Host } from "./docker";
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

/** A program that does nothing until it is stopped. */
export const idle = { ...small, command: ["sleep", "3600"] };

/** A session for one test: a stack of this project's program, which is destroyed after the test, whatever came of it. */
export class TestSession {
    static readonly open: TestSession[] = [];
    readonly host = new Host();

    private constructor(readonly stack: Stack) {}

    static async create(config: Record<string, unknown>, program?: string): Promise<TestSession> {
        const session = new TestSession(await Stack.create(config, program));
        TestSession.open.push(session);
        return session;
    }

    /** Runs `up`, which must succeed. */
    async up(...flags: string[]): Promise<Run> {
        const run = await this.stack.up(...flags);
        assert.equal(run.exitCode, 0, run.output);
        return run;
    }

    /** Runs `up`, which must fail. */
    async failToComeUp(): Promise<Run> {
        const run = await this.stack.up();
        assert.notEqual(run.exitCode, 0, run.output);
        return run;
    }

    engines() {
        return this.host.engines(this.stack.identity());
    }

    leftovers(): Promise<string[]> {
        return this.host.leftovers(this.stack.identity());
    }

    /** Asserts that there is nothing to do: at once, and after a look at what is really there. */
    async assertAtRest(): Promise<void> {
        const again = await this.up();
        assert.match(again.output, /Resources:\n {4}\d+ unchanged\n/, again.output);
        const refreshed = await this.stack.refresh();
        assert.equal(refreshed.exitCode, 0, refreshed.output);
        const preview = await this.stack.previewNothing();
        assert.equal(preview.exitCode, 0, preview.output);
    }
}

/** Destroys the sessions of a test, and makes sure that nothing of them is left on the host. */
export async function destroySessions(): Promise<void> {
    for (const session of TestSession.open.splice(0)) {
        await session.stack.remove();
        assert.deepEqual(await session.leftovers(), []);
    }
}
