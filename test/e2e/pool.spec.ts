import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { employs, pool } from "./support/pool";
import { TestSession, destroySessions } from "./support/session";

/** Launches work of the size of a pool's engines. */
const launch = `
def launch(n, code, **more):
    return cdsw.launch_workers(n=n, cpu=0.5, memory=0.125, code=code, **more)
`;

onEachBackend("a pool", function (backend, itOnce) {
    afterEach(destroySessions);

    /** Runs a session whose master launches work, to its end. */
    async function complete(
        n: number,
        program: string,
    ): Promise<{ session: TestSession; outputs: any; output: string }> {
        const session = await TestSession.create(backend, {
            master: employs(launch + program),
            workers: pool(n),
            wait: "completed",
        });
        const { output } = await session.up();
        return { session, outputs: await session.stack.outputs(), output };
    }

    it("runs what the master launches, in several rounds, and then rests", async () => {
        const { session, outputs } = await complete(
            2,
            `
for turn in range(3):
    # Each piece of work lasts until the other engine has one too.
    workers = launch(2, f"import os, time; print('turn {turn} on', os.environ['RANK']); time.sleep(1)")
    result = cdsw.await_workers(workers)
    print(turn, [worker["status"] for worker in result["workers"]], result["failures"])
`,
        );
        const { master, workers } = outputs;
        assert.equal(master.logs, [0, 1, 2].map((turn) => `${turn} ['succeeded', 'succeeded'] []\n`).join(""));
        for (const [index, { logs, status, exitCode }] of workers.entries()) {
            assert.equal(logs, [0, 1, 2].map((turn) => `turn ${turn} on ${index + 1}\n`).join(""));
            assert.deepEqual([status, exitCode], ["succeeded", 0]);
        }
        await session.assertAtRest();
    });

    itOnce("runs Python, R and shell commands, with variables of their own, and streams what they print", async () => {
        const { outputs, output } = await complete(
            1,
            `
launch(1, "import os; print('Python', os.environ['WORD'], os.environ['CDSW_ENGINE_TYPE'])", env={"WORD": "one"})
launch(1, "cat('R', Sys.getenv('WORD'), '\\\\n')", kernel="r", env={"WORD": "two"})
workers = launch(1, "!echo shell $WORD", env={"WORD": "three"})
print(cdsw.await_workers(workers)["failures"])
`,
        );
        assert.equal(outputs.workers[0].logs, "Python one worker\nR two \nshell three\n");
        assert.equal(outputs.master.logs, "[]\n");
        assert.match(output, /Python one worker/);
    });

    itOnce("lists, awaits and stops work", async () => {
        const { outputs } = await complete(
            2,
            `
ended, endless = launch(1, "print('done')")[0], launch(1, "import time; time.sleep(3600)")[0]
running = cdsw.await_workers([endless], wait_for_completion=False)
print(running["workers"][0]["ip_address"] != "unknown", running["failures"])
cdsw.await_workers([ended])
late = cdsw.await_workers([endless], timeout_seconds=1)
print(late["workers"], [worker["status"] for worker in late["failures"]])
cdsw.stop_workers(endless["id"])
cdsw.await_workers([endless], timeout_seconds=10)
status = {worker["id"]: worker["status"] for worker in cdsw.list_workers()}
print(status[ended["id"]], status[endless["id"]])
`,
        );
        assert.equal(outputs.master.logs, "True []\n[] ['timedout']\nsucceeded stopped\n");
        assert.deepEqual(
            outputs.workers.map(({ exitCode }: any) => exitCode),
            [0, 0],
        );
    });

    itOnce("reports work that failed, with its exit code and its last lines, and only warns", async () => {
        const { session, outputs, output } = await complete(
            1,
            `
workers = launch(1, "print('the reason'); raise SystemExit(7)")
failure = cdsw.await_workers(workers)["failures"][0]
print(failure["status"], failure["exit_code"])
`,
        );
        assert.match(outputs.master.logs, /exit code 7[^]*the reason/);
        assert.match(outputs.master.logs, /^failed 7$/m);
        assert.deepEqual([outputs.workers[0].status, outputs.workers[0].exitCode], ["failed", 1]);
        assert.match(output, /warning: 1 of 1 workers failed/);
        await session.assertAtRest();
    });

    itOnce("says of work that the kernel killed for memory why it failed, and its engine takes more", async () => {
        const { outputs } = await complete(
            1,
            `
worker = cdsw.await_workers(launch(1, "bytearray(1 << 30)"))["failures"][0]
print(worker["exit_code"], worker["message"])
print(cdsw.await_workers(launch(1, "print('next')"))["failures"])
`,
        );
        assert.match(outputs.master.logs, /^137 a process of it was killed for memory: the engine has 128 MB/m);
        assert.match(outputs.master.logs, /^\[\]$/m);
        assert.match(outputs.workers[0].logs, /^next$/m);
    });

    itOnce("fails up for work that failed where the session asks for that", async () => {
        const session = await TestSession.create(backend, {
            master: employs(`${launch}cdsw.await_workers(launch(1, "raise SystemExit(7)"))`),
            workers: pool(1),
            wait: "completed",
            onWorkerFailure: "fail",
        });
        const { output } = await session.failToComeUp();
        assert.match(output, /1 of 1 workers failed/);
    });

    itOnce("ends all work within 5 s of the master's end, and then its engines", async () => {
        const { outputs, session } = await complete(
            2,
            `
workers = launch(2, "!trap '' TERM; echo begun; while :; do sleep 1; done")
print(cdsw.await_workers(workers, wait_for_completion=False)["failures"])
`,
        );
        assert.equal(outputs.master.logs, "[]\n");
        const engines = await session.engines();
        const { finishedAt } = engines.get("master")!;
        for (const name of ["worker-1", "worker-2"]) {
            const engine = engines.get(name)!;
            assert.equal(engine.isRunning, false);
            // A cluster tells whole seconds.
            assert.ok(engine.finishedAt - finishedAt <= 6000, `${engine.finishedAt - finishedAt} ms after the master`);
        }
        assert.deepEqual(
            outputs.workers.map(({ logs, exitCode }: any) => [logs, exitCode]),
            [
                ["begun\n", 0],
                ["begun\n", 0],
            ],
        );
    });

    itOnce("starts work once the master's ports listen", async () => {
        const session = await TestSession.create(backend, {
            master: {
                ...employs(`${launch}
import socket
launch(2, """
import os, socket
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    print(connection.recv(100).decode())
""")
time.sleep(3)
with socket.create_server(("0.0.0.0", 6000)) as server:
    for _ in range(2):
        connection, _ = server.accept()
        connection.sendall(b"hello")
        connection.close()
`),
                ports: [6000],
            },
            workers: pool(2),
            wait: "completed",
        });
        await session.up();
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ logs }: any) => logs),
            ["hello\n", "hello\n"],
        );
    });

    itOnce(
        "lets work wait for an engine, and a resize brings one and takes one away, while other work goes on",
        async () => {
            const config = (n: number) => ({
                master: employs(`${launch}
workers = launch(2, "import time; time.sleep(3600)")
seen = None
while True:
    now = [worker["status"] for worker in cdsw.list_workers()]
    if now != seen:
        print(*now, flush=True)
    seen = now
    time.sleep(0.1)
`),
                workers: pool(n),
            });
            const session = await TestSession.create(backend, config(1));
            await session.up();
            const listened = await backend.site.listen((await session.engines()).get("master")!);
            await eventually("a running piece of work", 20_000, () => listened().includes("running scheduling"));
            await eventually("the number of engines", 20_000, () => /\b1\b.*workers\.n/.test(listened()));
            const before = await session.ids();
            session.configure(config(2));
            await session.up();
            await eventually("the second piece of work", 20_000, () => listened().includes("running running"));
            session.configure(config(1));
            await session.up();
            await eventually("the end of the second", 20_000, () => listened().includes("running failed"));
            assert.deepEqual(await session.ids(), before);
        },
    );
});
