import assert from "node:assert/strict";
import { TestSession, destroySessions } from "../e2e/support/session";
import { folderWith, removeFolders } from "../helpers/folders";
import { createCluster, describeLibrary } from "./support";

const job = `
squares <- parLapply(cl, 1:12, function(i) i^2)
cat("squares", unlist(squares), "\\n")
cat("groups", sort(unlist(clusterCall(cl, Sys.getenv, "CDSW_WORKER_GROUP"))), "\\n")
cat("hosts", length(unique(unlist(clusterCall(NULL, function() Sys.info()[["nodename"]])))), "\\n")
quit(status = as.integer(Sys.getenv("CODE")))
`;

describeLibrary("a cluster of R's package parallel", undefined, () => {
    afterEach(destroySessions);
    after(removeFolders);

    // Eight workers at once: with makePSOCKcluster, some of them would be lost.
    it("runs a job on workers that all come at the same time, and ends the session with its exit code", async () => {
        const workers = { n: 7, cpu: 0.5, memory: 0.25 };
        const workerGroups = [{ ...workers, name: "big", n: 1 }];
        const config = (code: string) => ({
            project: folderWith({ "job.r": job }),
            job: "job.r",
            master: { env: { CODE: code } },
            workers,
            workerGroups,
        });
        const cluster: TestSession = await createCluster("r-parallel", config("0"));
        const { output } = await cluster.up();
        assert.match(output, /squares 1 4 9 16 25 36 49 64 81 100 121 144/);
        assert.match(output, /groups +big/);
        assert.match(output, /hosts 8/);
        const { master, workers: ended } = await cluster.stack.outputs();
        assert.deepEqual([master.status, master.exitCode], ["succeeded", 0]);
        assert.ok(ended.every(({ status }: { status: string }) => /^(succeeded|stopped)$/.test(status)));
        await cluster.assertAtRest();

        cluster.configure({ library: "r-parallel", ...config("4"), workers: { ...workers, n: 0 } });
        assert.match((await cluster.failToComeUp()).output, /master .*ended with exit code 4/);
    });
});
