import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, serve } from "./support/session";
import { Run, Stack } from "./support/stack";

const ways: Record<string, (stack: Stack) => void> = {
    "Ctrl-C": (stack) => stack.interrupt(),
    "Ctrl-C twice": (stack) => stack.interruptTwice(),
    SIGKILL: (stack) => stack.kill(),
};
/** How many moments there are; more of them for who wants to be surer. */
const rounds = Number(process.env.DISTRIBUTED_SESSION_INTERRUPTS ?? 10);
const roundsEach = Math.ceil(rounds / Object.keys(ways).length);
const config = { master: serve, workers: { ...ask, n: 2 }, wait: "completed" };

/** Runs a command and ends it at a moment, unless it has ended before. */
async function cutShort(stack: Stack, command: () => Promise<Run>, way: string, ms: number): Promise<void> {
    let ended = false;
    const running = command().then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (!ended) {
        ways[way]!(stack);
    }
    await running;
    // What a killed command started has a moment to notice that it is alone.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await stack.cancel();
}

onEachBackend("a command that is interrupted", function (backend) {
    this.timeout(rounds * 120_000);
    afterEach(destroySessions);

    /** How long the command takes when nobody interrupts it, in ms. */
    async function durationOf(command: () => Promise<Run>): Promise<number> {
        return (await command()).seconds * 1000;
    }

    for (const way of Object.keys(ways)) {
        it(`by ${way} at random moments of up leaves nothing that the next up and destroy do not put right`, async () => {
            const session = await TestSession.create(backend, config);
            const { stack } = session;
            const whole = await durationOf(() => session.up());
            await stack.destroy();
            for (let round = 1; round <= roundsEach; round++) {
                const ms = Math.round(Math.random() * whole);
                console.log(`      ${way} after ${ms} ms of up`);
                await cutShort(stack, () => stack.up(), way, ms);
                await session.up();
                assert.deepEqual([...(await session.engines()).keys()].sort(), ["master", "worker-1", "worker-2"]);
                if (round === roundsEach) {
                    await session.assertAtRest();
                }
                await destroy(session);
            }
        });

        it(`by ${way} at random moments of destroy leaves nothing that another destroy does not remove`, async () => {
            const session = await TestSession.create(backend, config);
            const { stack } = session;
            await session.up();
            const whole = await durationOf(() => stack.destroy());
            for (let round = 1; round <= roundsEach; round++) {
                await session.up();
                const ms = Math.round(Math.random() * whole);
                console.log(`      ${way} after ${ms} ms of destroy`);
                await cutShort(stack, () => stack.destroy(), way, ms);
                if (round === roundsEach) {
                    await session.up();
                    await session.assertAtRest();
                }
                await destroy(session);
            }
        });
    }
});

onlyOn(docker, "an up whose CLI is killed", function (backend) {
    this.timeout(roundsEach * 120_000);
    afterEach(destroySessions);

    it("leaves nothing that a destroy does not remove: the program clears up what it was about to create", async () => {
        const session = await TestSession.create(backend, config);
        for (let round = 1; round <= roundsEach; round++) {
            const ms = Math.round(2000 + Math.random() * 4000);
            console.log(`      SIGKILL after ${ms} ms of up`);
            await cutShort(session.stack, () => session.stack.up(), "SIGKILL", ms);
            await destroy(session);
        }
    });
});

/** Runs `destroy`, which must succeed and leave nothing. */
async function destroy(session: TestSession): Promise<void> {
    const run = await session.stack.destroy();
    assert.equal(run.exitCode, 0, run.output);
    assert.deepEqual(await session.leftovers(), []);
}
