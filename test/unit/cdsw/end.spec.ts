import assert from "node:assert/strict";
import { removeFolders } from "../../helpers/folders";
import { PoolSession, Program, isRunning, pause, sideBySide, until } from "./session";

/** The number of a process that a worker printed after a word. */
const pidOf = (agent: Program, word: string): number =>
    Number(new RegExp(`^${word} (\\d+)$`, "m").exec(agent.text)![1]);

/** Says its number and that of a child, and ignores TERM. */
const stubborn = `!trap '' TERM; sleep 99 & echo child $!; echo ready $$; while :; do sleep 0.1; done`;

describe("the end of a session with a pool", function () {
    this.timeout(90_000);

    after(removeFolders);

    /** A session whose master runs this program once the first of its agents runs this code. */
    async function sessionThat(master: string, code: string, options: string[] = []): Promise<PoolSession> {
        const session = await PoolSession.of({
            "master.py": `import cdsw, os, signal, sys, time\ncdsw.await_workers(cdsw.launch_workers(1, 0.2, 0.5, code=${JSON.stringify(code)}), wait_for_completion=False, timeout_seconds=20)\ntime.sleep(0.3)\n${master}`,
        });
        session.agent(1, options);
        session.launch(["python3", "master.py"]);
        return session;
    }

    async function within(seconds: number, ended: Promise<unknown>): Promise<void> {
        const start = Date.now();
        await ended;
        const took = (Date.now() - start) / 1000;
        // A machine that does other things too needs a little more.
        assert.ok(took < seconds + 1, `took ${took} s`);
    }

    sideBySide([
        [
            "gives running work 3 s after a master that ended with 0, and then dismisses the engines",
            async () => {
                const session = await sessionThat("", "!sleep 1.5; echo last words");
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [0, 0]);
                assert.match(session.agents[0]!.text, /last words/);
                assert.equal(session.launcher.text, "");
            },
        ],
        [
            "ends work that goes on after 3 s, also one that ignores TERM and its children",
            async () => {
                const session = await sessionThat("print('over', flush=True)", stubborn);
                await session.launcher.prints(/over/);
                await within(
                    5,
                    until(
                        () => !["ready", "child"].some((name) => isRunning(pidOf(session.agents[0]!, name))),
                        () => "the end of the work",
                    ),
                );
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [0, 0]);
            },
        ],
        [
            "gives no grace after a master that failed, and ends with its exit code",
            async () => {
                const session = await sessionThat("print('over', flush=True)\nsys.exit(3)", "!exec sleep 99");
                await session.launcher.prints(/over/);
                await within(1.9, session.launcher.ended);
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [3, 0]);
            },
        ],
        [
            "ends with 137 after a master that was killed",
            async () => {
                const session = await sessionThat("os.kill(os.getpid(), signal.SIGKILL)", "!exec sleep 99");
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [137, 0]);
            },
        ],
        [
            "forwards TERM to the master's program, and gives no grace where that ends with 0",
            async () => {
                const session = await sessionThat(
                    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\nprint('up', flush=True)\ntime.sleep(60)",
                    "!exec sleep 99",
                );
                await session.launcher.prints(/up/);
                session.launcher.kill("SIGTERM");
                await within(1.9, session.launcher.ended);
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [0, 0]);
            },
        ],
        [
            "lets an engine whose worker failed end with 1",
            async () => {
                const session = await sessionThat("", "!exit 7");
                assert.deepEqual([await session.launcher.ended, await session.agents[0]!.ended], [0, 1]);
            },
        ],
        [
            "waits after a program that was soon over for engines that are still to join, and dismisses them",
            async () => {
                const session = await PoolSession.of();
                const launcher = session.launch(["echo", "over"]);
                await launcher.prints(/over/);
                const agents = [1, 2].map((rank) => session.agent(rank));
                assert.deepEqual(await Promise.all(agents.map(({ ended }) => ended)), [0, 0]);
                assert.deepEqual([await launcher.ended, agents[1]!.text], [0, ""]);
            },
        ],
        [
            "takes the exit code of the master's program, whose input and output pass through untouched",
            async () => {
                const session = await PoolSession.of();
                const launcher = session.launch(["sh", "-c", "cat; echo error >&2; exit 5"]);
                launcher.child.stdin!.end("a line without end");
                assert.equal(await launcher.ended, 5);
                assert.deepEqual([String(launcher.output), launcher.errors], ["a line without end", "error\n"]);
            },
        ],
        [
            "says that the master's program does not exist",
            async () => {
                const launcher = (await PoolSession.of()).launch(["no-such-program"]);
                assert.equal(await launcher.ended, 127);
                assert.equal(
                    launcher.text,
                    "cdsw: the master's program no-such-program cannot start: No such file or directory\n",
                );
            },
        ],
        [
            "comes before the master's program where the launcher's port is taken",
            async () => {
                const session = await PoolSession.running(0);
                const second = session.command("launcher", ["--", "echo", "started"]);
                assert.equal(await second.ended, 1);
                assert.match(
                    second.text,
                    /^cdsw: the launcher cannot listen on port \d+ of the master's engine, .*: Address already in use\n$/,
                );
                await session.close();
            },
        ],
        [
            "ends work within 5 s of a launcher that was killed, and then the engine",
            async () => {
                const session = await PoolSession.running(1);
                const agent = session.agents[0]!;
                await session.python(`cdsw.launch_workers(1, 0.2, 0.5, code=${JSON.stringify(stubborn)})`);
                await agent.prints(/^ready \d+$/m);
                session.launcher.kill("SIGKILL");
                await within(
                    5,
                    until(
                        () => !["ready", "child"].some((name) => isRunning(pidOf(agent, name))),
                        () => "the end of the work",
                    ),
                );
                assert.equal(await agent.ended, 0);
                assert.match(agent.text, /^cdsw: the connection to the launcher in the master's engine is lost$/m);
                await session.close();
            },
        ],
        [
            "leaves an engine of a service idle after a master that failed, until its next launcher's master ends with 0",
            async () => {
                const session = await sessionThat("sys.exit(3)", "!exec sleep 99", ["--stay"]);
                assert.equal(await session.launcher.ended, 3);
                await pause(700);
                session.launch(["cat"]);
                await session.listens();
                await session.joined(1);
                assert.deepEqual(await session.end(), [0, 0]);
            },
        ],
        [
            "leaves an engine of a service idle after a master that a signal ended with 0",
            async () => {
                const session = await sessionThat(
                    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\nprint('up', flush=True)\ntime.sleep(60)",
                    "!exec sleep 99",
                    ["--stay"],
                );
                await session.launcher.prints(/up/);
                session.launcher.kill("SIGTERM");
                assert.equal(await session.launcher.ended, 0);
                await pause(700);
                session.launch(["cat"]);
                await session.listens();
                await session.joined(1);
                assert.deepEqual(await session.end(), [0, 0]);
            },
        ],
        [
            "reaches an engine that is asked to stop: its work is stopped and told",
            async () => {
                const session = await PoolSession.running(1);
                await session.python(`cdsw.launch_workers(1, 0.2, 0.5, code="!echo ready; exec sleep 99")`);
                await session.agents[0]!.prints(/^ready$/m);
                session.agents[0]!.kill("SIGTERM");
                assert.equal(await session.agents[0]!.ended, 0);
                await session.launcher.prints(
                    /^cdsw: worker 1 failed: its engine was stopped \(code, id \w+\)\. Its last lines:\n {4}ready$/m,
                );
                await session.close();
            },
        ],
        [
            "is noticed within 5 s where an agent hangs; when it goes on, it stops its work and joins again",
            async () => {
                const session = await PoolSession.running(1);
                const agent = session.agents[0]!;
                await session.python(`cdsw.launch_workers(1, 0.2, 0.5, code=${JSON.stringify(stubborn)})`);
                await agent.prints(/^ready \d+$/m);
                agent.kill("SIGSTOP");
                await within(5, session.launcher.prints(/worker 1 failed: the connection to its engine is lost/));
                assert.ok(isRunning(pidOf(agent, "ready")));
                agent.kill("SIGCONT");
                await within(
                    5,
                    until(
                        () => !isRunning(pidOf(agent, "ready")),
                        () => "the end of the work",
                    ),
                );
                await session.joined(1);
                await session.close();
            },
        ],
        [
            "is noticed within 5 s where the launcher hangs",
            async () => {
                const session = await PoolSession.running(1);
                const agent = session.agents[0]!;
                await session.python(`cdsw.launch_workers(1, 0.2, 0.5, code="!echo ready $$; exec sleep 99")`);
                await agent.prints(/^ready \d+$/m);
                session.launcher.kill("SIGSTOP");
                await within(
                    5.5,
                    until(
                        () => !isRunning(pidOf(agent, "ready")),
                        () => "the end of the work",
                    ),
                );
                await session.close();
            },
        ],
    ]);
});
