import assert from "node:assert/strict";
import { containerIn, podEnvironmentIn, podSpecIn } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const restart = { attempts: 3 };
const deployed = ({ workers, ...changes }: PartialArgs = {}) => {
    return deployOnCluster({ ...changes, workers: { ...workers, restart } });
};
const jobOf = async (changes: PartialArgs = {}, name = "s-worker-2") => find(await deployed(changes), name, "v1:Job");

describe("a worker that is tried again so many times", () => {
    it("is a Job of one Pod, which counts its failures, and not that the cluster took it away", async () => {
        const { template, podFailurePolicy, ...spec } = (await jobOf()).inputs.spec;
        assert.ok(template);
        assert.deepEqual(spec, { completions: 1, parallelism: 1, backoffLimit: 3 });
        const onPodConditions = [{ type: "DisruptionTarget", status: "True" }];
        assert.deepEqual(podFailurePolicy, { rules: [{ action: "Ignore", onPodConditions }] });
    });

    it("is another Pod each time, whatever is waited for", async () => {
        for (const wait of ["completed", "running", "none"] as const) {
            assert.equal(podSpecIn(await jobOf({ wait })).restartPolicy, "Never");
        }
    });

    it("keeps its host name and its rank, and its Pods are found by them", async () => {
        const job = await jobOf();
        assert.equal(podSpecIn(job).hostname, "worker-2");
        assert.equal(podEnvironmentIn(job).RANK, "2");
        for (const { labels } of [job.inputs.metadata, job.inputs.spec.template.metadata]) {
            assert.equal(labels["distributed-session.rank"], "2");
            assert.equal(labels["distributed-session.network"], "s-abc1234");
        }
    });

    it("runs its command as a bare Pod does", async () => {
        const bare = containerIn(find(await deployOnCluster(), "s-worker-2"));
        assert.deepEqual(containerIn(await jobOf()), bare);
    });

    it("has the labels and annotations that its Pods are given", async () => {
        const workerPods = { labels: { team: "a" }, annotations: { note: "b" } };
        const { metadata, spec } = (await jobOf({ kubernetes: { workerPods } })).inputs;
        assert.deepEqual(metadata.annotations, {
            note: "b",
            "pulumi.com/skipAwait": "true",
            "distributed-session.generation": "0",
        });
        assert.deepEqual(spec.template.metadata.annotations, { note: "b" });
        assert.deepEqual([metadata.labels.team, spec.template.metadata.labels.team], ["a", "a"]);
    });

    it("is replaced when its token changes, and deleted before its replacement is created", async () => {
        const { replaceOnChanges, deleteBeforeReplace, ignoreChanges } = await jobOf();
        assert.ok(replaceOnChanges.includes('metadata.annotations["distributed-session.generation"]'));
        assert.deepEqual([deleteBeforeReplace, ignoreChanges], [true, ["spec.podFailurePolicy"]]);
    });

    it("is known by its Job and its rank", async () => {
        const { outputs } = await deployed();
        assert.deepEqual(
            outputs.workers.map(({ id }: { id: string }) => id),
            ["s-worker-1-abc1234#1", "s-worker-2-abc1234#2"],
        );
    });

    it("is a bare Pod where it is tried never or without end, and a master is one always", async () => {
        for (const changes of [{ workers: { restart: { attempts: 0 } } }, {}]) {
            assert.match(find(await deployOnCluster(changes), "s-worker-1").type, /v1:Pod$/);
        }
        assert.match(find(await deployed(), "s-master").type, /v1:Pod$/);
    });
});
