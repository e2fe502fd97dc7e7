import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { oneJob } from "../e2e/support/backends";
import { eventually } from "../e2e/support/eventually";
import { destroySessions } from "../e2e/support/session";
import { folderWith, removeFolders } from "../helpers/folders";
import { createCluster, describeLibrary } from "./support";

const workers = (n: number) => ({ n, cpu: 0.5, memory: 0.5 });

const sum = `
import os, torch, torch.distributed as dist
dist.init_process_group("gloo")
number = torch.tensor([float(dist.get_rank() + 1)])
dist.all_reduce(number)
print("engine", os.environ["RANK"], "has rank", os.environ["CDSW_ENGINE_TYPE"], dist.get_rank(), "sum", int(number.item()), flush=True)
`;

/** Sums over and over, and says how many there are. */
const training = `
import time, torch, torch.distributed as dist
dist.init_process_group("gloo")
while True:
    one = torch.ones(1)
    dist.all_reduce(one)
    print("world of", int(one.item()), flush=True)
    time.sleep(1)
`;

describeLibrary("a torch job", "torch", () => {
    afterEach(destroySessions);
    after(removeFolders);

    it("sums over all engines, where the master has rank 0 and a group the last ones, and ends with nothing left to do", async () => {
        const project = folderWith({ "sum.py": sum });
        const workerGroups = [{ name: "big", ...workers(1) }];
        const job = await createCluster("torch", { project, job: "sum.py", workers: workers(1), workerGroups });
        await job.up();
        const { master, workers: ended } = await job.stack.outputs();
        assert.match(master.logs, /engine 0 has rank master 0 sum 6/);
        assert.match(ended[0].logs, /engine 1 has rank worker 1 sum 6/);
        assert.match(ended[1].logs, /engine 2 has rank worker 2 sum 6/);
        assert.deepEqual(
            [master, ...ended].map(({ exitCode }) => exitCode),
            [0, 0, 0],
        );
        await job.assertAtRest();
    });

    it("that is elastic trains on with the engines that come and go, and keeps those that stay", async () => {
        const project = folderWith({ "train.py": training });
        const config = (n: number) => ({
            library: "torch",
            project,
            job: "train.py",
            elastic: { min: 1, max: 4 },
            wait: "none",
            workers: workers(n),
        });
        const job = await createCluster("torch", config(1));
        await job.up();
        const before = await job.ids();
        const master = (await job.engines()).get("master")!;
        const shown = await job.backend.site.listen(master);
        const world = (n: number) =>
            eventually(`a world of ${n}`, 120_000, () => shown().trimEnd().endsWith(`world of ${n}`));
        await world(2);
        job.configure(config(2));
        await job.up();
        await world(3);
        job.configure(config(1));
        await job.up();
        await world(2);
        const after = await job.ids();
        assert.deepEqual(after, before);
    });
});

describeLibrary(
    "a torch job",
    "torch",
    () => {
        afterEach(destroySessions);
        after(removeFolders);

        it("sums over all engines, and ends the session with its exit code", async () => {
            const project = folderWith({ "sum.py": `${sum}raise SystemExit(int(open("code").read()))`, code: "0" });
            const job = await createCluster("torch", { project, job: "sum.py", workers: workers(2) }, oneJob);
            await job.up();
            const { master, workers: ended } = await job.stack.outputs();
            assert.match(master.logs, /engine 0 has rank master 0 sum 6/);
            assert.deepEqual(
                [master, ...ended].map(({ exitCode }) => exitCode),
                [0, 0, 0],
            );
            fs.writeFileSync(path.join(project, "code"), "3");
            // The engine that fails first is the cause for the others.
            const { output } = await job.failToComeUp();
            assert.match(output, /exitcode +: 3/);
            assert.match(output, /session-(master|worker-[12]) ended with exit code 1/);
        });
    },
    oneJob,
);
