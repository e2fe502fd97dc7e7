import assert from "node:assert/strict";
import { execFileSync } from "child_process";
import { containerIn, expand, podEnvironmentIn, podSpecIn } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const jobOf = async ({ kubernetes, ...changes }: PartialArgs = {}) =>
    find(await deployOnCluster({ ...changes, kubernetes: { ...kubernetes, workers: "IndexedJob" } }), "s-workers");

describe("the Job of a session's workers", () => {
    it("has as many Pods as there are workers, all at once, each with an index", async () => {
        const { completionMode, completions, parallelism } = (await jobOf({ workers: { n: 7 } })).inputs.spec;
        assert.deepEqual([completionMode, completions, parallelism], ["Indexed", 7, 7]);
    });

    it("keeps its number when it changes here: the program scales it, and the provider would replace it", async () => {
        const { ignoreChanges, replaceOnChanges, deleteBeforeReplace } = await jobOf();
        assert.deepEqual(ignoreChanges.slice(0, 2), ["spec.completions", "spec.parallelism"]);
        assert.deepEqual(replaceOnChanges, [
            "spec.backoffLimitPerIndex",
            "spec.completionMode",
            "metadata.ownerReferences",
            'metadata.annotations["distributed-session.generation"]',
        ]);
        assert.equal(deleteBeforeReplace, true);
    });

    it("notes the number where a change shows in a preview, and does not wait for its end", async () => {
        const { annotations } = (await jobOf({ workers: { n: 7 } })).inputs.metadata;
        assert.deepEqual(annotations, {
            "pulumi.com/skipAwait": "true",
            "distributed-session.workers": "7",
            "distributed-session.generation": "0",
        });
    });

    it("changes with the number of workers in nothing but that number", async () => {
        const without = ({ inputs, ...rest }: Awaited<ReturnType<typeof jobOf>>) => {
            const { completions, parallelism, ...spec } = inputs.spec;
            assert.equal(completions, parallelism);
            const { ["distributed-session.workers"]: count, ...annotations } = inputs.metadata.annotations;
            assert.equal(count, String(completions));
            return { ...rest, inputs: { ...inputs, spec, metadata: { ...inputs.metadata, annotations } } };
        };
        assert.deepEqual(without(await jobOf({ workers: { n: 2 } })), without(await jobOf({ workers: { n: 5 } })));
    });

    for (const [wait, limits, restartPolicy] of [
        ["completed", [0, undefined], "Never"],
        ["running", [undefined, 2_147_483_647], "OnFailure"],
        ["none", [0, undefined], "Never"],
    ] as const) {
        it(`lets no failing worker end the others, with wait "${wait}"`, async () => {
            const job = await jobOf({ wait });
            const { backoffLimitPerIndex, backoffLimit } = job.inputs.spec;
            assert.deepEqual([backoffLimitPerIndex, backoffLimit], limits);
            assert.equal(podSpecIn(job).restartPolicy, restartPolicy);
        });
    }

    it("counts how often a worker is tried again for each of them, whatever is waited for", async () => {
        for (const wait of ["completed", "running"] as const) {
            const job = await jobOf({ wait, workers: { restart: { attempts: 3 } } });
            const { backoffLimitPerIndex, backoffLimit } = job.inputs.spec;
            assert.deepEqual([backoffLimitPerIndex, backoffLimit], [3, undefined]);
            assert.equal(podSpecIn(job).restartPolicy, "Never");
        }
    });

    it("forgives a worker that the cluster takes away, where the cluster takes a policy for failures", async () => {
        const rule = { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] };
        for (const [changes, policy] of [
            [{ wait: "completed" }, { rules: [rule] }],
            [{ wait: "running", workers: { restart: { attempts: 3 } } }, { rules: [rule] }],
            [{ wait: "running" }, undefined],
        ] as const) {
            assert.deepEqual((await jobOf(changes)).inputs.spec.podFailurePolicy, policy);
        }
    });

    it("keeps the policy that it was created with, because the cluster changes none", async () => {
        assert.ok((await jobOf()).ignoreChanges.includes("spec.podFailurePolicy"));
    });

    it("gives its Pods the labels of workers, and no rank", async () => {
        const pods = { labels: { team: "a" }, annotations: { note: "b" } };
        const { inputs } = await jobOf({ kubernetes: { pods } });
        const { labels, annotations } = inputs.spec.template.metadata;
        assert.equal(labels["distributed-session.role"], "worker");
        assert.equal(labels["distributed-session.rank"], undefined);
        assert.equal(labels.team, "a");
        assert.deepEqual(annotations, { note: "b" });
        assert.equal(inputs.metadata.annotations.note, "b");
    });

    it("leaves the host names of its Pods to the cluster", async () => {
        assert.equal(podSpecIn(await jobOf()).hostname, undefined);
    });

    it("lets a shell give each worker its rank, which is one more than its index, and run the command as it is", async () => {
        const job = await jobOf({ workers: { command: ["printf", "%s|", "$RANK", "$(hostname)", "a b", "$$"] } });
        assert.equal(podEnvironmentIn(job).RANK, undefined);
        const { command, args } = containerIn(job);
        const [program, ...rest] = [...command, ...args].map((part: string) => expand(part));
        const printed = (...given: string[]) => {
            const env = { ...process.env, JOB_COMPLETION_INDEX: "4" };
            return execFileSync(program!, given, { env, encoding: "utf8" });
        };
        assert.equal(printed(...rest), "$RANK|$(hostname)|a b|$$|");
        assert.equal(printed(...rest.slice(0, command.length - 1), "sh", "-c", "echo $RANK"), "5\n");
    });
});
