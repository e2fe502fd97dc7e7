import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { FoundInCluster, FoundObject } from "../../../../components/kubernetes/runtime/inventory";
import { Leftovers, findLeftoverServices, removeObjects } from "../../../../components/kubernetes/runtime/leftovers";
import { Status } from "../../../../components";
import { planSession, workersOf } from "../../../../components/model/plan";
import { pod } from "../../../helpers/pods";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";
import { sessionArgs } from "../../../helpers/session";
import { playedUid } from "../../../helpers/playedDocker";

const plan = planSession("s", sessionArgs(), undefined);
const [worker] = workersOf(plan);
const created = (id: string, isOneOfMany?: boolean) => {
    return { engine: worker!, resource: {} as pulumi.Resource, id, urn: "urn", isOneOfMany };
};

function found(kind: "Pod" | "Job", name: string, more: Partial<FoundInCluster> = {}): FoundInCluster {
    const state = { status: Status.Running };
    return { kind, name, rank: 1, token: "", state, isLeftover: false, isOneOfMany: false, createdAt: 0, ...more };
}

const namesOf = (objects: { name: string }[]) => objects.map(({ name }) => name);

describe("the leftovers of an engine", () => {
    it("are the objects for it besides the one that Pulumi knows", () => {
        const leftovers = new Leftovers([found("Pod", "known"), found("Pod", "left")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known"))), ["left"]);
    });

    it("are taken once", () => {
        const leftovers = new Leftovers([found("Pod", "left")]);
        leftovers.takeBesides(created("known"));
        assert.deepEqual(leftovers.takeBesides(created("known")), []);
    });

    it("are not the objects for others", () => {
        const others = [
            found("Pod", "other", { rank: 2 }),
            found("Job", "job"),
            found("Job", "many", { isOneOfMany: true }),
            found("Pod", "of a group", { group: "gpu" }),
        ];
        assert.deepEqual(new Leftovers(others).takeBesides(created("known")), []);
    });

    it("are those of its own group, where engines of several have its rank", () => {
        const workerGroups = [{ name: "gpu", n: 1, command: ["train"] }];
        const engine = workersOf(planSession("s", sessionArgs({ workerGroups }))).at(-1)!;
        const leftovers = new Leftovers([found("Pod", "worker"), found("Pod", "left", { group: "gpu" })]);
        assert.deepEqual(namesOf(leftovers.takeBesides({ ...created("known"), engine })), ["left"]);
    });

    it("are Jobs, where a Job creates its Pod", () => {
        const leftovers = new Leftovers([found("Job", "known"), found("Job", "left"), found("Pod", "pod")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known#1"))), ["left"]);
    });

    it("are Jobs of all workers, where one Job creates all Pods", () => {
        const many = { isOneOfMany: true };
        const leftovers = new Leftovers([found("Job", "known", many), found("Job", "left", many), found("Job", "one")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known#1", true))), ["left"]);
    });
});

describe("the Services that an up left behind", () => {
    const own = { network: "own", uid: playedUid };
    const service = (name: string) => ({ metadata: { name } });

    it("are those of the session that are not its own", async () => {
        const played = new PlayedCluster();
        played.services = [service("own"), service("left")];
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, own), [{ kind: "Service", name: "left" }]);
        const [services, pods] = ["services", "list"].map((name) => played.calls.find((each) => each.name === name)!);
        // The Service of the published ports is owned by another one, and goes with it.
        const selector =
            /^distributed-session\.session=.*\.s,distributed-session\.uid=0123456789abcdef0123456789abcdef,!distributed-session\.network$/;
        assert.match(services!.query.labelSelector as string, selector);
        assert.equal(pods!.query.labelSelector, "distributed-session.network=left");
    });

    it("are none where the state has no uid: a Service of this name may be another session's", async () => {
        const played = new PlayedCluster();
        played.services = [service("own"), service("left")];
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, { network: "own" }), []);
        assert.deepEqual(played.calls, []);
    });

    it("own no Pods", async () => {
        const played = new PlayedCluster(pod());
        played.services = [service("own"), service("in-use")];
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, own), []);
    });

    it("are none without the right to list them", async () => {
        const played = new PlayedCluster();
        played.refusals.services = refusal(403);
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, own), []);
    });

    it("are an error where the cluster fails", async () => {
        const played = new PlayedCluster();
        played.refusals.services = refusal(500, "broken");
        await assert.rejects(findLeftoverServices(played.cluster, plan, own), { message: "broken" });
    });
});

const object = (kind: FoundObject["kind"], name = "p"): FoundObject => ({ kind, name });

describe("removing objects of a session", () => {
    for (const kind of ["Pod", "Job", "Service", "ConfigMap"] as const) {
        it(`removes a ${kind}, and what it owns in the background`, async () => {
            const played = new PlayedCluster(pod());
            const metadata = { name: "p" };
            Object.assign(played, { jobs: [{ metadata }], services: [{ metadata }], configMaps: [{ metadata }] });
            assert.deepEqual(await removeObjects(played.cluster, [object(kind)]), [`the ${kind} p`]);
            const ownsOthers = kind === "Job" || kind === "Service";
            assert.deepEqual(played.calls.at(-1), {
                name: `delete${kind}`,
                query: { namespace: "here", name: "p", ...(ownsOthers ? { propagationPolicy: "Background" } : {}) },
            });
        });
    }

    it("does not report one that is gone, and goes on", async () => {
        const played = new PlayedCluster(pod());
        assert.deepEqual(await removeObjects(played.cluster, [object("Pod", "q"), object("Pod")]), ["the Pod p"]);
    });

    it("leaves a terminating one alone", async () => {
        const played = new PlayedCluster(pod({ isGoing: true }));
        assert.deepEqual(await removeObjects(played.cluster, [object("Pod")]), []);
        assert.equal(played.count("deletePod"), 0);
    });

    for (const code of [403, 409]) {
        it(`leaves one alone that it is refused with ${code}`, async () => {
            const played = new PlayedCluster(pod());
            played.refusals.deletePod = refusal(code);
            assert.deepEqual(await removeObjects(played.cluster, [object("Pod")]), []);
        });
    }

    it("is an error where the cluster fails", async () => {
        const played = new PlayedCluster(pod());
        played.refusals.deletePod = refusal(500, "broken");
        await assert.rejects(removeObjects(played.cluster, [object("Pod")]), { message: "broken" });
    });
});
