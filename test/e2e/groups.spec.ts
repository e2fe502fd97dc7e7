import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";

/** A master that tells each caller whether one of this name has called before. */
const remembering = {
    ...serve,
    code: `
import socket
seen = set()
with socket.create_server(("0.0.0.0", 6000)) as server:
    while True:
        connection, _ = server.accept()
        name = connection.recv(100)
        connection.sendall(b"again" if name in seen else b"first")
        seen.add(name)
        connection.close()
`,
};

/** A worker that tells its name and serves; the third of the group fails the first time. */
const calling = {
    ...small,
    code: `
import os, socket, sys, time
name = os.environ.get("CDSW_WORKER_GROUP", "worker") + "-" + os.environ["RANK"]
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    connection.sendall(name.encode())
    answer = connection.recv(100).decode()
print(name, "called", answer)
if (name, answer) == ("gpu-3", "first"):
    sys.exit(3)
time.sleep(3600)
`,
};

onEachBackend("a session with a group of workers", function (backend) {
    afterEach(destroySessions);

    it("comes up, is resized group by group, and has nothing recreated but the worker of the group that failed", async () => {
        const config = (workers: number, group: number) => ({
            master: remembering,
            workers: { ...calling, n: workers },
            workerGroups: [{ ...calling, name: "gpu", n: group, cpu: 0.25 }],
        });
        const session = await TestSession.create(backend, config(1, 2));
        await session.up();
        const before = await session.ids();
        assert.deepEqual([...before.keys()].sort(), ["gpu-1", "gpu-2", "master", "worker-1"]);
        assert.equal(await session.shell("gpu-2", "echo $CDSW_WORKER_GROUP $CDSW_CPU_MILLICORES"), "gpu 250");
        await session.assertAtRest();
        assert.deepEqual(await session.ids(), before);

        session.configure(config(2, 3));
        const run = await session.failToComeUp();
        assert.match(run.output, /1 of 5 workers failed/);
        assert.match(run.output, /session-gpu-3 ended with exit code 3\./);
        const failed = await session.ids();
        await session.up();
        const after = await session.ids();
        for (const name of before.keys()) {
            assert.deepEqual([failed.get(name), after.get(name)], [before.get(name), before.get(name)], name);
        }
        assert.equal(after.get("worker-2"), failed.get("worker-2"));
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ name, status }: any) => `${name} ${status}`),
            ["worker-1", "worker-2", "gpu-1", "gpu-2", "gpu-3"].map((alias) => `session-${alias} running`),
        );
    });
});

onlyOn(docker, "a group of workers that takes the place of another", () => {
    afterEach(destroySessions);

    it("gets its addresses, and every other engine stays", async () => {
        const config = (...names: string[]) => ({
            master: serve,
            workers: { ...idle, n: 1 },
            workerGroups: names.map((name) => ({ ...idle, name, n: 2 })),
        });
        const addresses = async () => {
            const engines = await session.engines();
            return Object.fromEntries([...engines].map(([name, { ip }]) => [name, ip]));
        };
        const session = await TestSession.create(docker, config("a", "b", "c"));
        await session.up();
        const [before, ids] = [await addresses(), await session.ids()];
        session.configure(config("d", "c"));
        await session.up();
        const { master, "worker-1": worker, "a-1": first, "a-2": second, "b-1": third, "b-2": fourth } = before;
        assert.deepEqual(await addresses(), {
            master,
            "worker-1": worker,
            ...{ "d-1": first, "d-2": second, "c-1": third, "c-2": fourth },
        });
        const after = await session.ids();
        assert.deepEqual(
            ["master", "worker-1"].map((name) => after.get(name)),
            ["master", "worker-1"].map((name) => ids.get(name)),
        );
        await session.assertAtRest();
    });
});
