import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { JobView } from "../../../../components/kubernetes/runtime/jobs/jobView";
import { LivePods } from "../../../../components/kubernetes/runtime/livePods";
import { FoundInCluster } from "../../../../components/kubernetes/runtime/inventory";
import { PodRuntime } from "../../../../components/kubernetes/runtime/podRuntime";
import { planClusterReplacements } from "../../../../components/kubernetes/runtime/replacements";
import { untilMasterListens } from "../../../../components/observing/readiness";
import { planSession } from "../../../../components/model/plan";
import { PlayedPod, pod, terminated } from "../../../helpers/pods";
import { PlayedCluster, eventually, refusal } from "../../../helpers/playedCluster";
import { PartialArgs, sessionArgs } from "../../../helpers/session";

const running = { running: {} };
const rank = (value: number) => ({ "distributed-session.rank": String(value) });

describe("waiting for the master on Kubernetes", () => {
    const opened: LivePods[] = [];
    afterEach(() => opened.splice(0).forEach((live) => live.close()));

    async function open(pods: PlayedPod[], args: PartialArgs = {}, recreated: number[] = []) {
        const played = new PlayedCluster(...pods.map((each) => pod(each)));
        const { cluster } = played;
        const plan = planSession("s", sessionArgs({ backend: "kubernetes", timeoutSeconds: 0.1, ...args }), undefined);
        const live = await LivePods.open(cluster, "a=b", true);
        opened.push(live);
        await eventually(() => played.watches.length === 1);
        const { signal } = new AbortController();
        const nothing = { engines: [], seesJobs: true, files: undefined, tokens: () => undefined };
        const replacements = planClusterReplacements(plan, nothing, "net", 0);
        const view = { cluster, labelSelector: "a=b", live, jobs: new JobView(), replacements };
        const context = { plan, session: {} as pulumi.Resource };
        const host = new PodRuntime(view, context, { network: "net", secrets: [] }, signal);
        const found = recreated.map((each) => ({ rank: each }) as FoundInCluster);
        const runtime = Object.assign(host, { recreated: found });
        const watch = { host, runtime, plan, signal, reportRestart: () => undefined };
        const resource = {} as pulumi.Resource;
        const wait = async () =>
            (await untilMasterListens(watch, { engine: plan.master, resource, id: "m", urn: "urn:m" }))?.text;
        return {
            played,
            wait,
            emit: (given: PlayedPod) => played.watches[0]!.emit("MODIFIED", pod({ name: "m", ...given })),
        };
    }

    it("ends when its container has started, which is when it listens, and not when it runs", async () => {
        const { wait, emit } = await open([{ name: "m", phase: "Pending" }], { timeoutSeconds: 10 });
        let ended = false;
        const waiting = wait().then((failure) => {
            ended = true;
            return failure;
        });
        emit({ state: running, ready: false });
        await new Promise((resolve) => setTimeout(resolve, 30));
        assert.equal(ended, false);
        emit({ state: running, ready: true });
        assert.equal(await waiting, undefined);
    });

    for (const [what, args] of [
        ["it has no ports", { master: { ports: undefined } }],
        ["there is no worker that would need them", { workers: { n: 0 } }],
    ] as const) {
        it(`ends when it runs, where ${what}`, async () => {
            const { wait } = await open([{ name: "m", state: running, ready: false }], args);
            assert.equal(await wait(), undefined);
        });
    }

    it("asks for nothing but a run, and no longer that, where all workers were there before", async () => {
        const workers = [1, 2].map((each) => ({ name: `w${each}`, labels: rank(each), state: running }));
        for (const master of [
            { name: "m", state: running, ready: false },
            { name: "m", phase: "Succeeded", state: terminated(0) },
        ]) {
            const { wait } = await open([master, ...workers]);
            assert.equal(await wait(), undefined);
        }
    });

    it("asks that a new master listens, whatever workers were there before: all of them go", async () => {
        const { wait, emit } = await open([1, 2].map((each) => ({ name: `w${each}`, labels: rank(each) })));
        emit({ state: running, ready: false });
        assert.match((await wait())!, /did not listen/);
    });

    it("asks again that it listens, where a worker that was there is recreated", async () => {
        const workers = [1, 2].map((each) => ({ name: `w${each}`, labels: rank(each), state: terminated(3) }));
        const master = { name: "m", state: running, ready: false };
        const { wait } = await open([master, ...workers], {}, [2]);
        assert.match((await wait())!, /no longer listens/);
    });

    it("asks for a port again where a worker is being deleted", async () => {
        const workers = [1, 2].map((each) => ({ name: `w${each}`, labels: rank(each), isGoing: each === 2 }));
        const { wait } = await open([{ name: "m", state: running, ready: false }, ...workers]);
        assert.match((await wait())!, /no longer listens/);
    });

    it("asks for the workers of each group, some of whom have the same rank", async () => {
        const workerGroups = [{ name: "gpu", n: 1, command: ["train"] }];
        const master = { name: "m", state: running, ready: false };
        const workers = [1, 2].map((each) => ({ name: `w${each}`, labels: rank(each), state: running }));
        const ofGroup = { name: "x", labels: { ...rank(1), "distributed-session.group": "gpu" }, state: running };
        assert.equal(await (await open([master, ...workers, ofGroup], { workerGroups })).wait(), undefined);
        assert.match((await (await open([master, ...workers], { workerGroups })).wait())!, /no longer listens/);
        assert.match((await (await open([master, workers[1]!, ofGroup], { workerGroups })).wait())!, /no longer/);
    });

    it("asks for a Job's workers too, each known by its index", async () => {
        const indices = [0, 1].map((each) => ({
            name: `w${each}`,
            job: "j",
            index: each,
            state: running,
        }));
        const master = { name: "m", state: running, ready: false };
        assert.equal(await (await open([master, ...indices])).wait(), undefined);
        assert.match((await (await open([master, indices[0]!])).wait())!, /no longer listens/);
    });

    it("fails at once where it fails", async () => {
        const { wait, played } = await open([{ name: "m", phase: "Failed", state: terminated(3) }], {
            timeoutSeconds: 10,
        });
        played.logs = "boom\n";
        assert.equal(
            await wait(),
            "The master s-master ended with exit code 3. Its last lines:\n  | boom\nThe next pulumi up runs it again.",
        );
    });

    it("fails where it ends well before it listened", async () => {
        const { wait } = await open([{ name: "m", phase: "Succeeded", state: terminated(0) }], { timeoutSeconds: 10 });
        assert.match((await wait())!, /ended with exit code 0 before it listened on port 6000/);
    });

    it("fails after the timeout, and names the ports on which it listens", async () => {
        const { wait, played } = await open([{ name: "m", state: running, ready: false }], {
            master: { ports: [6000, 7000] },
        });
        played.events = [
            { reason: "Unhealthy", message: "listens on: 1770.", lastTimestamp: new Date(2000) },
            { reason: "Unhealthy", message: "listens on:.", lastTimestamp: new Date(1000) },
        ];
        assert.match(
            (await wait())!,
            /^The master s-master did not listen on port 7000 within 0.1 s; it listens on 6000\./,
        );
    });

    it("fails where the image has no shell for the check, and says that", async () => {
        const { wait, played } = await open([{ name: "m", state: running, ready: false }]);
        const message = 'Startup probe errored: exec: "sh": executable file not found in $PATH';
        played.events = [{ reason: "Unhealthy", message }];
        assert.match((await wait())!, /its image has no program "sh"/);
    });

    it("names the image, and no argument, where the launcher of a pool is not seen to listen", async () => {
        const pool = { workers: { command: undefined } };
        const { wait, played } = await open([{ name: "m", state: running, ready: false }], pool);
        assert.match(
            (await wait())!,
            /port 8099 .* Use an image whose entrypoint runs the command that it is given, or/,
        );
        const message = 'Startup probe errored: exec: "sh": executable file not found in $PATH';
        played.events = [{ reason: "Unhealthy", message }];
        assert.match((await wait())!, /its image has no program "sh". Use an image that has it\.$/);
    });

    it("fails where it does not start in time, with the cluster's last event", async () => {
        const { wait, played } = await open([{ name: "m", phase: "Pending" }]);
        played.events = [
            { reason: "FailedMount", message: "no claim", lastTimestamp: new Date(2000) },
            { reason: "Scheduled", message: "to a node", lastTimestamp: new Date(1000) },
        ];
        assert.equal(
            await wait(),
            "The master s-master did not start within 0.1 s. The cluster says: FailedMount: no claim. Raise timeoutSeconds to wait longer.",
        );
    });

    it("gives no reason where events may not be read", async () => {
        const { wait, played } = await open([{ name: "m", phase: "Pending" }]);
        played.refusals.events = refusal(403);
        assert.match((await wait())!, /within 0.1 s. The cluster gives no reason. Raise/);
    });

    it("fails with what keeps the Pods from being watched, whatever the timeout", async () => {
        const { wait, played } = await open([{ name: "m", state: running, ready: false }], { timeoutSeconds: 0 });
        const waiting = wait();
        played.watches[0]!.end(refusal(403, "forbidden"));
        await assert.rejects(waiting, { message: "forbidden" });
    });
});
