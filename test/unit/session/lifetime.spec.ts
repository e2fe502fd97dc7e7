import assert from "node:assert/strict";
import { lifetimeScript } from "../../../components/docker/lifetime";
import { podSpecIn } from "../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, deploySession, find } from "../../helpers/session";

describe("engines on Docker whose life is limited", () => {
    const given = async (changes: PartialArgs, name = "s-worker-1") => {
        const { inputs } = find(await deploySession(changes), name);
        const label = inputs.labels.find((each: any) => each.label === "distributed-session.max-seconds");
        return { entrypoints: inputs.entrypoints, uploads: inputs.uploads, label: label?.value };
    };

    it("run a script in front of their program, which says for how long", async () => {
        const { entrypoints, uploads, label } = await given({ maxSeconds: 60, workers: { stopSeconds: 9 } });
        assert.deepEqual(entrypoints, ["sh", "/.distributed-session/run", "60", "9", "all"]);
        assert.deepEqual(
            uploads.map(({ file, permissions }: any) => [file, permissions]),
            [
                ["/.distributed-session/", "0777"],
                ["/.distributed-session/run", "0644"],
            ],
        );
        assert.equal(uploads[1].content, lifetimeScript);
        // A change of it recreates the engine.
        assert.equal(label, "60");
    });

    it("have it for each attempt where attempts are counted", async () => {
        const workers = { restart: { attempts: 2 } };
        assert.equal((await given({ maxSeconds: 60, workers })).entrypoints[4], "each");
        assert.equal((await given({ maxSeconds: 60, workers }, "s-master")).entrypoints[4], "all");
        assert.equal((await given({ maxSeconds: 60, wait: "completed" })).entrypoints[4], "all");
    });

    it("are as they were without a limit", async () => {
        assert.deepEqual(await given({}), { entrypoints: undefined, uploads: [], label: undefined });
    });
});

describe("engines on Kubernetes whose life is limited", () => {
    const deadlines = async (changes: PartialArgs, worker: string) => {
        const deployment = await deployOnCluster({ maxSeconds: 60, ...changes });
        return ["s-master", worker].map((name) => podSpecIn(find(deployment, name)).activeDeadlineSeconds);
    };

    it("have a deadline of their Pod, also where a Job makes it", async () => {
        const workers = { restart: { attempts: 2 } };
        assert.deepEqual(await deadlines({}, "s-worker-1"), [60, 60]);
        assert.deepEqual(await deadlines({ workers }, "s-worker-1"), [60, 60]);
        const oneJob = { workers, kubernetes: { workers: "IndexedJob" } } as const;
        assert.deepEqual(await deadlines(oneJob, "s-workers"), [60, 60]);
    });

    it("have no deadline of a Job, which would delete its Pods and their output", async () => {
        const workers = { restart: { attempts: 2 } };
        const { inputs } = find(await deployOnCluster({ maxSeconds: 60, workers }), "s-worker-1");
        assert.equal(inputs.spec.activeDeadlineSeconds, undefined);
    });

    it("are Pods of Jobs where they end with a master that is a job, which shortens their deadlines", async () => {
        const { inputs, type } = find(await deployOnCluster({ maxSeconds: 60, wait: "master" }), "s-worker-1");
        assert.equal(type, "kubernetes:batch/v1:Job");
        assert.deepEqual([inputs.spec.backoffLimit, inputs.spec.template.spec.restartPolicy], [0, "Never"]);
        assert.equal(find(await deployOnCluster({ wait: "master" }), "s-worker-1").type, "kubernetes:core/v1:Pod");
    });

    it("are recreated when it changes", async () => {
        const { replaceOnChanges } = find(await deployOnCluster({ maxSeconds: 60 }), "s-worker-1");
        assert.ok(replaceOnChanges.includes("spec.activeDeadlineSeconds"));
    });

    it("have none without a limit", async () => {
        assert.deepEqual(await deadlines({ maxSeconds: undefined }, "s-worker-1"), [undefined, undefined]);
    });
});
