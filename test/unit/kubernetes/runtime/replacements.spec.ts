import type { V1Job, V1ObjectMeta } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { takeInventory } from "../../../../components/kubernetes/runtime/inventory";
import { JobView } from "../../../../components/kubernetes/runtime/jobs/jobView";
import { LivePods } from "../../../../components/kubernetes/runtime/livePods";
import { PodHost } from "../../../../components/kubernetes/runtime/podHost";
import { planClusterReplacements } from "../../../../components/kubernetes/runtime/replacements";
import { enginesOf, planSession } from "../../../../components/model/plan";
import { PlayedPod, pod, terminated } from "../../../helpers/pods";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";
import { PartialArgs, sessionArgs } from "../../../helpers/session";

const generation = (value: string) => ({ "distributed-session.generation": value });
const rank = (value: number) => ({ "distributed-session.rank": String(value) });
const running = { state: { running: {} } };

const master: PlayedPod = { name: "m", labels: rank(0), annotations: generation("gm"), ...running };
const worker = (each: number, more: PlayedPod = running): PlayedPod => {
    return { name: `w${each}`, labels: rank(each), annotations: generation(`g${each}`), ...more };
};
const failed: PlayedPod = { phase: "Failed", state: terminated(3) };

interface PlayedJob {
    name?: string;
    /** None for the Job of all workers. */
    rank?: number;
    isGoing?: boolean;
    status?: object;
}

function job({ name = "j", rank: ofRank, isGoing, status }: PlayedJob = {}): V1Job {
    const metadata = {
        name,
        labels: ofRank === undefined ? {} : rank(ofRank),
        annotations: generation("gj"),
        ...(isGoing ? { deletionTimestamp: new Date() } : {}),
    };
    return { metadata, status };
}

interface Found {
    pods?: PlayedPod[];
    jobs?: V1Job[];
    /** The annotations of the ConfigMap, if there is one. */
    files?: Record<string, string>;
    /** The metadata of the NetworkPolicies and of the Secrets. */
    policies?: V1ObjectMeta[];
    secrets?: V1ObjectMeta[];
    /** The metadata of the Services that another one owns. */
    services?: V1ObjectMeta[];
    args?: PartialArgs;
    refusals?: PlayedCluster["refusals"];
}

async function replacements({ pods = [], jobs = [], files, args, refusals, ...found }: Found) {
    const { policies = [], secrets = [], services = [] } = found;
    const played = new PlayedCluster(...pods.map((each) => pod(each)));
    played.jobs = jobs;
    played.configMaps = files === undefined ? [] : [{ metadata: { name: "net-files", annotations: files } }];
    played.policies = policies.map((metadata) => ({ metadata }));
    played.secrets = secrets.map((metadata) => ({ metadata }));
    played.services = services.map((metadata) => ({ metadata }));
    Object.assign(played.refusals, refusals);
    const plan = planSession("s", sessionArgs({ backend: "kubernetes", ...args }), undefined);
    const { cluster } = played;
    const live = await LivePods.open(cluster, "a=b", false);
    const view = new JobView();
    view.note(jobs);
    const host = new PodHost({ cluster, live, jobs: view }, plan);
    const seen = played.refusals.jobs === undefined ? jobs : undefined;
    const inventory = await takeInventory({ cluster, live, host }, seen, "net");
    const planned = planClusterReplacements(plan, inventory, "net", 0);
    return {
        removed: planned.removed.map(({ kind, name }) => `${kind} ${name}`),
        generations: enginesOf(plan).map((engine) => planned.tokenOf(engine)),
        files: planned.files,
        ground: [planned.policy, ...[plan.master, ...plan.groups].map(({ template }) => planned.secretOf(template))],
        published: [planned.published, planned.access],
    };
}

/** What is recreated. */
const fresh = "0";

describe("the plan for the Pods of a session in the cluster", () => {
    it("keeps those that are well", async () => {
        const { removed, generations } = await replacements({ pods: [master, worker(1), worker(2)] });
        assert.deepEqual([removed, generations], [[], ["gm", "g1", "g2"]]);
    });

    it("tells engines of one rank in different groups apart", async () => {
        const args: PartialArgs = { workers: { n: 1 }, workerGroups: [{ name: "gpu", n: 1, command: ["train"] }] };
        const labels = { ...rank(1), "distributed-session.group": "gpu" };
        const ofGroup: PlayedPod = { name: "x", labels, annotations: generation("gx"), ...failed };
        const pods = [master, worker(1), ofGroup];
        assert.deepEqual((await replacements({ pods, args })).generations, ["gm", "g1", fresh]);
        const healthy = [master, worker(1), { ...ofGroup, phase: "Running", ...running }];
        assert.deepEqual((await replacements({ pods: healthy, args })).generations, ["gm", "g1", "gx"]);
    });

    it("recreates a worker that failed, a missing one and a terminating one", async () => {
        for (const pods of [
            [master, worker(1), worker(2, failed)],
            [master, worker(1)],
            [master, worker(1), worker(2, { ...running, isGoing: true })],
        ]) {
            assert.deepEqual((await replacements({ pods })).generations, ["gm", "g1", fresh]);
        }
    });

    it("removes workers whose master is gone or terminating, and recreates all", async () => {
        for (const pods of [[worker(1)], [worker(1), { ...master, isGoing: true }]]) {
            const { removed, generations } = await replacements({ pods });
            assert.deepEqual([removed, generations], [["Pod w1"], [fresh, fresh, fresh]]);
        }
    });

    it("goes by the newest where there are two of a rank", async () => {
        const old = worker(1, { ...failed, createdAt: "2024-01-01T00:00:00Z" });
        const next = { ...worker(1), name: "x", annotations: generation("gx"), createdAt: "2024-01-01T00:01:00Z" };
        const created = (each: PlayedPod) => ({ ...each });
        for (const pods of [
            [master, old, next],
            [master, next, old],
        ]) {
            assert.equal((await replacements({ pods: pods.map(created) })).generations[1], "gx");
        }
    });
});

describe("the plan for the Jobs of a session in the cluster", () => {
    const oneJob: PartialArgs = { kubernetes: { workers: "IndexedJob" } };
    const counted: PartialArgs = { workers: { restart: { attempts: 1 } } };
    const attempt = (name: string, more: PlayedPod) => ({ name, job: "j", labels: rank(1), ...more });

    it("keeps the one of all workers, whatever became of them", async () => {
        const pods = [master, { name: "w", job: "j", index: 0, ...failed }];
        const { removed, generations } = await replacements({ pods, jobs: [job()], args: oneJob });
        assert.deepEqual([removed, generations.slice(0, 2)], [[], ["gm", "gj"]]);
    });

    it("recreates the one of all workers that is gone or terminating", async () => {
        for (const jobs of [[], [job({ isGoing: true })]]) {
            assert.equal((await replacements({ pods: [master], jobs, args: oneJob })).generations[1], fresh);
        }
    });

    it("removes the one of all workers whose master is gone", async () => {
        const { removed, generations } = await replacements({ jobs: [job()], args: oneJob });
        assert.deepEqual([removed, generations.slice(0, 2)], [["Job j"], [fresh, fresh]]);
    });

    it("keeps a worker's whose attempts are not over", async () => {
        const pods = [master, attempt("a", failed)];
        const jobs = [job({ rank: 1 })];
        assert.deepEqual((await replacements({ pods, jobs, args: counted })).generations, ["gm", "gj", fresh]);
    });

    it("recreates a worker's when its attempts are over", async () => {
        const pods = [master, attempt("a", failed), attempt("b", failed)];
        assert.equal((await replacements({ pods, jobs: [job({ rank: 1 })], args: counted })).generations[1], fresh);
    });

    it("recreates a worker's that has failed and has no Pod left", async () => {
        const status = { conditions: [{ type: "Failed", status: "True" }] };
        const jobs = [job({ rank: 1, status })];
        assert.equal((await replacements({ pods: [master], jobs, args: counted })).generations[1], fresh);
    });

    it("keeps them as they are without the right to list them", async () => {
        for (const args of [oneJob, counted]) {
            const refusals = { jobs: refusal(403) };
            const { generations } = await replacements({ pods: [master], args, refusals });
            assert.deepEqual(generations.slice(0, 2), ["gm", ""]);
        }
    });

    it("recreates Pods also without the right to list Jobs", async () => {
        const { generations } = await replacements({ pods: [master], refusals: { jobs: refusal(403) } });
        assert.equal(generations[1], fresh);
    });
});

describe("the plan for the ConfigMap of a session in the cluster", () => {
    const attended = { ...generation("gf"), "distributed-session.attended": "true" };

    it("is kept where a session uses it", async () => {
        const { files, removed } = await replacements({ pods: [master], files: attended });
        assert.deepEqual([files, removed], ["gf", []]);
    });

    it("is new where there is none", async () => {
        assert.equal((await replacements({ pods: [master] })).files, fresh);
    });

    it("is recreated where there is no engine, or where it is not in the state", async () => {
        for (const found of [{ files: attended }, { pods: [master], files: generation("gf") }]) {
            const { files, removed } = await replacements(found);
            assert.deepEqual([files, removed], [fresh, ["ConfigMap net-files"]]);
        }
    });
});

describe("the plan for the NetworkPolicies, the Secrets and the published ports of a session in the cluster", () => {
    const of = (component: string, token: string, more: V1ObjectMeta = {}): V1ObjectMeta => {
        return { labels: { "app.kubernetes.io/component": component }, annotations: generation(token), ...more };
    };
    const secrets = [of("master", "gm"), of("worker", "gw")];

    it("keeps them as they are", async () => {
        const { ground } = await replacements({ pods: [master], policies: [of("network", "gp")], secrets });
        assert.deepEqual(ground, ["gp", "gm", "gw"]);
    });

    it("recreates what is lost or terminating", async () => {
        const deletionTimestamp = new Date();
        const policies = [of("network", "gp", { deletionTimestamp })];
        const { ground } = await replacements({ pods: [master], policies, secrets: secrets.slice(1) });
        assert.deepEqual(ground, [fresh, fresh, "gw"]);
    });

    it("changes nothing without the right to list them, or where they had no token before", async () => {
        const old = { labels: of("network", "").labels };
        const { ground } = await replacements({ policies: [old], refusals: { secrets: refusal(403) } });
        assert.deepEqual(ground, ["", "", ""]);
    });

    it("keeps the Service and the policy of published ports, and recreates what of them is lost", async () => {
        const [policies, services] = [[of("network", "gp"), of("published", "ga")], [of("published", "gs")]];
        const tokensOf = async (found: Found) => (await replacements({ pods: [master], ...found })).published;
        assert.deepEqual(await tokensOf({ policies, services }), ["gs", "ga"]);
        assert.deepEqual(await tokensOf({ policies: policies.slice(0, 1), services }), ["gs", fresh]);
        assert.deepEqual(await tokensOf({ policies }), [fresh, "ga"]);
        assert.deepEqual(await tokensOf({ policies, refusals: { services: refusal(403) } }), ["", "ga"]);
    });
});
