import assert from "node:assert/strict";
import { TestBackend, docker } from "./support/backends";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, small } from "./support/session";

type Change = (config: any) => object;

/** A master that writes down which master each caller thinks it calls. A caller of the last one has time to find it. */
const register = `
import os, socket, time
print("I am", os.environ["CDSW_ENGINE_ID"], flush=True)
time.sleep(2)
with socket.create_server(("0.0.0.0", 6000)) as server:
    while True:
        connection, _ = server.accept()
        print("called for", connection.makefile().readline().strip(), flush=True)
        connection.close()
`;

/** A worker that calls its master again and again, whatever becomes of it. */
const call = `
import os, socket, time
while True:
    try:
        with socket.create_connection((os.environ["CML_MASTER_IP"], 6000), 1) as connection:
            connection.sendall((os.environ["CDSW_MASTER_ID"] + "\\n").encode())
    except OSError:
        pass
    time.sleep(0.1)
`;

const config = {
    project: "examples/hello-python",
    master: { ...small, ports: [6000], code: register },
    workers: { ...small, n: 2, code: call },
};
const engineNames = ["master", "worker-1", "worker-2"];

/** The ids of the engines that differ. */
function changed(before: Map<string, string>, after: Map<string, string>): string[] {
    return engineNames.filter((name) => before.get(name) !== after.get(name));
}

/** Waits until a master has been called by its workers, and makes sure that nobody called it who takes it for another. */
async function assertCalledByItsOwn(session: TestSession): Promise<void> {
    const printed = await session.backend.site.listen((await session.engines()).get("master")!);
    for (const end = Date.now() + 15_000; (printed().match(/called for/g) ?? []).length < 4;) {
        assert.ok(Date.now() < end, `the master was not called:\n${printed()}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const [, own] = /I am (\S+)/.exec(printed())!;
    const callers = new Set([...printed().matchAll(/called for (\S+)/g)].map(([, id]) => id));
    assert.deepEqual([...callers], [own]);
}

/** Makes sure that the workers were created when the master listened, which it does 2 s after its start. A cluster reports whole seconds. */
async function assertCreatedInOrder(session: TestSession): Promise<void> {
    const engines = await session.engines();
    for (const name of ["worker-1", "worker-2"]) {
        const waited = engines.get(name)!.createdAt - engines.get("master")!.startedAt;
        assert.ok(waited >= 1000, `${name} was created ${waited} ms after the master's start`);
    }
}

/** A session that a describe's tests have in common: each of them begins with the session as the one before left it. */
function shareSession(backend: TestBackend): () => TestSession {
    let session: TestSession;
    before(async () => {
        session = await TestSession.create(backend, config);
        await session.up();
    });
    after(destroySessions);
    return () => session;
}

onEachBackend("a replacement", function (backend, itOnce) {
    const shared = shareSession(backend);
    let current: any = config;

    const changes: [string, Change][] = [
        ["code", ({ master }) => ({ master: { ...master, code: `${master.code}# another` } })],
        ["memory", ({ master }) => ({ master: { ...master, memory: 0.15625 } })],
        // The same image by another name.
        ["image", ({ master, workers }) => withImage("docker.io/distributed-session/engine:0.2.0", master, workers)],
    ];
    for (const [what, change] of changes) {
        // What a master is replaced for has nothing to do with the kind of workers.
        const itHere = what === "code" ? it : itOnce;
        itHere(
            `of the master for its ${what} replaces it and every worker once, and no worker calls another one's master`,
            async () => {
                const session = shared();
                const [before, outputs] = [await session.ids(), await session.stack.outputs()];
                current = { ...current, ...change(current) };
                session.configure(current);
                const run = await session.up();
                assert.deepEqual(changed(before, await session.ids()), engineNames);
                assert.match(run.output, new RegExp(`\\+-${1 + backend.workerResources(2).length} replaced`));
                if (backend === docker) {
                    assert.equal((await session.stack.outputs()).masterIp, outputs.masterIp);
                }
                await assertCreatedInOrder(session);
                await assertCalledByItsOwn(session);
            },
        );
    }

    it("of the workers leaves the master alone", async () => {
        const session = shared();
        const before = await session.ids();
        session.configure({ ...current, workers: { ...current.workers, env: { COLOUR: "blue" } } });
        await session.up();
        assert.deepEqual(changed(before, await session.ids()), ["worker-1", "worker-2"]);
    });
});

onEachBackend("an engine that somebody removed", function (backend, itOnce) {
    const shared = shareSession(backend);

    for (const refreshes of [true, false]) {
        const how = refreshes ? "a refresh and an up" : "an up alone";
        const itHere = refreshes ? itOnce : it;

        itHere(`comes back by ${how}: a worker without the others`, async () => {
            const session = shared();
            const before = await session.ids();
            await session.removeEngine("worker-2");
            if (refreshes) {
                await session.refresh();
            }
            await session.up();
            assert.deepEqual(changed(before, await session.ids()), ["worker-2"]);
            await assertCalledByItsOwn(session);
            await session.assertAtRest();
        });

        itHere(
            `comes back by ${how}: a master takes its workers along, and none of them calls the new one`,
            async () => {
                const session = shared();
                const before = await session.ids();
                await session.removeEngine("master");
                if (refreshes) {
                    await session.refresh();
                }
                await session.up();
                assert.deepEqual(changed(before, await session.ids()), engineNames);
                await assertCreatedInOrder(session);
                await assertCalledByItsOwn(session);
                await session.assertAtRest();
            },
        );
    }
});

function withImage(image: string, master: object, workers: object): object {
    return { master: { ...master, image }, workers: { ...workers, image: "distributed-session/engine:0.2.0" } };
}
