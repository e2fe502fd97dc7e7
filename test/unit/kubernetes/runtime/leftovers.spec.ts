import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { FoundInCluster } from "../../../../components/kubernetes/runtime/inventory";
import { Leftovers, findLeftoverServices } from "../../../../components/kubernetes/runtime/leftovers";
import { Status } from "../../../../components";
import { planSession, workersOf } from "../../../../components/model/plan";
import { pod } from "../../../helpers/pods";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";
import { sessionArgs } from "../../../helpers/session";

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
    it("are what stands in for it besides what Pulumi knows", () => {
        const leftovers = new Leftovers([found("Pod", "known"), found("Pod", "left")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known"))), ["left"]);
    });

    it("are taken once", () => {
        const leftovers = new Leftovers([found("Pod", "left")]);
        leftovers.takeBesides(created("known"));
        assert.deepEqual(leftovers.takeBesides(created("known")), []);
    });

    it("are not what stands in for others", () => {
        const others = [
            found("Pod", "other", { rank: 2 }),
            found("Job", "job"),
            found("Job", "many", { isOneOfMany: true }),
        ];
        assert.deepEqual(new Leftovers(others).takeBesides(created("known")), []);
    });

    it("are Jobs, where a Job makes it", () => {
        const leftovers = new Leftovers([found("Job", "known"), found("Job", "left"), found("Pod", "pod")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known#1"))), ["left"]);
    });

    it("are Jobs of all workers, where one Job makes all", () => {
        const many = { isOneOfMany: true };
        const leftovers = new Leftovers([found("Job", "known", many), found("Job", "left", many), found("Job", "one")]);
        assert.deepEqual(namesOf(leftovers.takeBesides(created("known#1", true))), ["left"]);
    });
});

describe("the Services that an up left behind", () => {
    const service = (name: string) => ({ metadata: { name } });

    it("are those of the session that are not its own", async () => {
        const played = new PlayedCluster();
        played.services = [service("own"), service("left")];
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, "own"), [{ kind: "Service", name: "left" }]);
        const [services, pods] = ["services", "list"].map((name) => played.calls.find((each) => each.name === name)!);
        assert.match(services!.query.labelSelector as string, /^distributed-session\.session=.*\.s$/);
        assert.equal(pods!.query.labelSelector, "distributed-session.network=left");
    });

    it("own no Pods", async () => {
        const played = new PlayedCluster(pod());
        played.services = [service("own"), service("in-use")];
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, "own"), []);
    });

    it("are none for who may not look", async () => {
        const played = new PlayedCluster();
        played.refusals.services = refusal(403);
        assert.deepEqual(await findLeftoverServices(played.cluster, plan, "own"), []);
    });

    it("are an error where the cluster fails", async () => {
        const played = new PlayedCluster();
        played.refusals.services = refusal(500, "broken");
        await assert.rejects(findLeftoverServices(played.cluster, plan, "own"), { message: "broken" });
    });
});
