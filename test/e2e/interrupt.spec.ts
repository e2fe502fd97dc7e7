import { execFileSync } from "child_process";
import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { isLarge } from "./support/size";
import { eventually } from "./support/eventually";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";
import { Run, Stack } from "./support/stack";

const ways: Record<string, (stack: Stack) => void> = {
    "Ctrl-C": (stack) => stack.interrupt(),
    "Ctrl-C twice": (stack) => stack.interruptTwice(),
    SIGKILL: (stack) => stack.kill(),
};
/** How many moments each command is interrupted at: each way once, or four times. */
const moments = Object.keys(ways).length * (isLarge ? 4 : 1);
const config = { project: "examples/hello-python", master: serve, workers: { ...ask, n: 2 }, wait: "completed" };

/** Runs a command and ends it at a moment, unless it has ended before. */
async function cutShort(stack: Stack, command: () => Promise<Run>, way: string, ms: number): Promise<void> {
    let ended = false;
    const running = command().then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (!ended) {
        ways[way]!(stack);
    }
    await running;
    await aMoment();
    await stack.cancel();
}

/** What a killed command started has a moment to notice that it is alone. */
function aMoment(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 3000));
}

// With workers of either kind, the same commands create and remove the same kinds of things in the same order.
onEachBackend("a command that is interrupted", function (backend, itOnce) {
    this.timeout((moments + 2) * 120_000);
    afterEach(destroySessions);

    /** Random moments of a command that takes so long, each with a way to interrupt it: all in their turn. */
    function* momentsOf(command: string, seconds: number) {
        for (let count = 0; count < moments; count++) {
            const way = Object.keys(ways)[count % 3]!;
            const ms = Math.round(Math.random() * seconds * 1000);
            console.log(`      ${way} after ${ms} ms of ${command}`);
            yield { way, ms };
        }
    }

    itOnce(
        "at random moments of up, by Ctrl-C, by two or by SIGKILL, leaves nothing that the next up and destroy do not put right",
        async () => {
            const session = await TestSession.create(backend, config);
            const { stack } = session;
            const { seconds } = await session.up();
            for (const { way, ms } of momentsOf("up", seconds)) {
                await destroy(session);
                await cutShort(stack, () => stack.up(), way, ms);
                await session.up();
                assert.deepEqual([...(await session.engines()).keys()].sort(), ["master", "worker-1", "worker-2"]);
            }
            await session.assertAtRest();
        },
    );

    itOnce(
        "at random moments of destroy, by Ctrl-C, by two or by SIGKILL, leaves nothing that another destroy does not remove",
        async () => {
            const session = await TestSession.create(backend, config);
            const { stack } = session;
            await session.up();
            const { seconds } = await stack.destroy();
            for (const { way, ms } of momentsOf("destroy", seconds)) {
                await session.up();
                await cutShort(stack, () => stack.destroy(), way, ms);
                await destroy(session);
            }
        },
    );

    itOnce("in the middle of destroy is put right by an up too", async () => {
        const session = await TestSession.create(backend, config);
        await session.up();
        await cutShort(session.stack, () => session.stack.destroy(), "SIGKILL", 2500);
        const run = await session.stack.up();
        if (run.exitCode !== 0) {
            // A cluster's Service that went unnoticed is the one thing that only a refresh finds out, and up says so.
            assert.match(
                run.output,
                /Service \S+ of the session was deleted outside Pulumi.* To recreate the session: pulumi up --refresh/,
            );
            await session.up("--refresh");
        }
        await session.assertAtRest();
    });
});

onlyOn(docker, "an up whose CLI is killed", function (backend) {
    afterEach(destroySessions);

    it("while it creates workers leaves none that a destroy does not remove: the program clears up before it ends", async () => {
        const session = await TestSession.create(backend, config);
        const { stack } = session;
        for (let count = 0; count < (isLarge ? 3 : 1); count++) {
            const running = stack.up();
            const names = async () => (await session.leftovers()).join();
            await eventually("a worker", 60_000, async () => (await names()).includes("session-worker"));
            stack.kill();
            await running;
            await aMoment();
            await stack.cancel();
            await destroy(session);
        }
    });

    it("leaves no program that runs on", async () => {
        const session = await TestSession.create(backend, { ...config, workers: { ...idle, n: 1 } });
        const { stack } = session;
        const programs = () => execFileSync("ps", ["-eo", "args"]).toString().match(programOf(stack.name)) ?? [];
        const running = stack.up();
        await eventually("the worker", 60_000, async () => (await session.engines()).get("worker-1")?.isRunning);
        assert.equal(programs().length, 1);
        stack.kill();
        await running;
        await eventually("the end of the program", 15_000, () => Promise.resolve(programs().length === 0));
        await stack.cancel();
    });
});

/** The command line of the program of a stack. */
function programOf(stack: string): RegExp {
    return new RegExp(`cmd/run/index.js .*--stack ${stack} `, "g");
}

/** Runs `destroy`, which must succeed and leave nothing. */
async function destroy(session: TestSession): Promise<void> {
    const run = await session.stack.destroy();
    assert.equal(run.exitCode, 0, run.output);
    assert.deepEqual(await session.leftovers(), []);
}
