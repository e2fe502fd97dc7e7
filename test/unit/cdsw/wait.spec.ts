import assert from "node:assert/strict";
import { removeFolders } from "../../helpers/folders";
import { PoolSession } from "./session";

describe("list_workers, await_workers and stop_workers", function () {
    this.timeout(90_000);
    let session: PoolSession;

    before(async () => {
        session = await PoolSession.running(2);
    });

    after(async () => {
        await session.close();
        removeFolders();
    });

    const statuses = `lambda found: {key: [worker["status"] for worker in value] for key, value in found.items()}`;

    it("puts workers that are late among the failures, as `timedout`", async () => {
        const [found, listed] = await session.python(`
            workers = cdsw.launch_workers(1, 0.2, 0.5, code="!sleep 30")
            found = cdsw.await_workers(workers[0], timeout_seconds=0.3)
            result = [(${statuses})(found), cdsw.list_workers()[-1]["status"]]
            cdsw.stop_workers(workers)`);
        assert.deepEqual(found, { workers: [], failures: ["timedout"] });
        assert.equal(listed, "running");
    });

    it("waits for all to run; one that has succeeded already counts as a failure", async () => {
        const found = await session.python(`
            done = cdsw.launch_workers(1, 0.2, 0.5, code="!true")
            cdsw.await_workers(done[0]["id"])
            runs = cdsw.launch_workers(1, 0.2, 0.5, code="!sleep 30")
            result = (${statuses})(cdsw.await_workers([done[0]["id"]] + runs, wait_for_completion=False))
            cdsw.stop_workers(runs[0]["id"])`);
        assert.deepEqual(found, { workers: ["running"], failures: ["succeeded"] });
    });

    it("refuses an unknown id", async () => {
        await assert.rejects(
            session.python(`cdsw.await_workers("abc")`),
            /Error: The session has no worker with the id 'abc'\./,
        );
    });

    it("stops a running worker by TERM and a waiting one at once, and tells a code for each", async () => {
        const [codes, found] = await session.python(`
            workers = cdsw.launch_workers(3, 0.2, 0.5, code="!sleep 30")
            cdsw.await_workers(workers[:2], wait_for_completion=False)
            codes = [response.status_code for response in cdsw.stop_workers(workers[2], [workers[0]["id"], "abc"], workers[1]["id"])]
            result = [codes, (${statuses})(cdsw.await_workers(workers))]`);
        assert.deepEqual(codes, [200, 200, 404, 200]);
        assert.deepEqual(found, { workers: [], failures: ["stopped", "stopped", "stopped"] });
        assert.doesNotMatch(session.launcher.text, /failed/);
    });

    it("stops all without ids, and none for an empty list", async () => {
        const codes = await session.python(`
            workers = cdsw.launch_workers(3, 0.2, 0.5, code="!sleep 30")
            none = cdsw.stop_workers([])
            result = [len(none), len(cdsw.stop_workers())]
            cdsw.await_workers(workers)`);
        assert.deepEqual(codes, [0, 3]);
    });

    it("kills a worker that ignores TERM, with its children, after 5 s", async () => {
        const [seconds, code, count] = await session.python(`
            import subprocess
            mark = "sleep 4321.5"
            workers = cdsw.launch_workers(1, 0.2, 0.5, code="!trap '' TERM; " + mark + " & while :; do sleep 0.1; done")
            cdsw.await_workers(workers, wait_for_completion=False)
            time.sleep(0.3)
            start = time.time()
            cdsw.stop_workers(*workers)
            worker = cdsw.await_workers(workers)["failures"][0]
            found = subprocess.run(["pgrep", "-fx", mark], stdout=subprocess.PIPE)
            result = [time.time() - start, worker["exit_code"], len(found.stdout)]`);
        assert.ok(seconds > 4.5 && seconds < 9, `${seconds} s`);
        assert.deepEqual([code, count], [137, 0]);
    });
});
