import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { engineLabels, sessionLabels, sessionValue } from "../../../components/kubernetes/labels";
import { Plan, planSession, workersOf } from "../../../components/model/plan";
import { sessionArgs } from "../../helpers/session";

function plan(name = "s"): Plan {
    return planSession(name, sessionArgs(), undefined);
}

/** The session's label where Pulumi's project and stack have these names. */
async function valueIn(project: string, stack: string, name = "s"): Promise<string> {
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await pulumi.runtime.setMocks(mocks, project, stack);
    return sessionValue(plan(name));
}

describe("the label that says which session it is", () => {
    const pulumiName = fc.stringMatching(/^[-A-Za-z0-9_.]{1,100}$/);
    const sessionName = fc.stringMatching(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/);

    it("is one that Kubernetes takes, whatever project, stack and session are called", async () => {
        const property = fc.asyncProperty(pulumiName, pulumiName, sessionName, async (project, stack, name) => {
            assert.match(await valueIn(project, stack, name), /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
        });
        await fc.assert(property, { numRuns: 500 });
    });

    it("is the three names, where they are short enough", async () => {
        assert.equal(await valueIn("project", "stack"), "project.stack.s");
        assert.equal(await valueIn("p".repeat(30), "t".repeat(29), "ab"), `${"p".repeat(30)}.${"t".repeat(29)}.ab`);
    });

    it("differs for sessions with long names that differ at their ends, and is as long as it may be", async () => {
        const [one, other] = [
            await valueIn("p".repeat(80), "stack", "one"),
            await valueIn("p".repeat(80), "stack", "two"),
        ];
        assert.notEqual(one, other);
        assert.deepEqual([one.length, other.length], [63, 63]);
        assert.ok(one.startsWith("p".repeat(50)));
    });
});

describe("the labels of a session's objects", () => {
    before(() => valueIn("project", "stack"));

    const common = {
        "app.kubernetes.io/name": "distributed-session",
        "app.kubernetes.io/instance": "s",
        "app.kubernetes.io/managed-by": "pulumi",
        "distributed-session.session": "project.stack.s",
    };

    it("are those of Kubernetes' own convention and the session's", () => {
        assert.deepEqual(sessionLabels(plan(), "network"), { ...common, "app.kubernetes.io/component": "network" });
    });

    it("have an engine's role and rank", () => {
        const [, second] = workersOf(plan());
        assert.deepEqual(engineLabels(plan(), second!), {
            ...common,
            "app.kubernetes.io/component": "worker",
            "distributed-session.role": "worker",
            "distributed-session.rank": "2",
        });
    });

    it("have no rank for what holds all workers", () => {
        const labels = engineLabels(plan(), plan().groups[0]!);
        assert.equal(labels["distributed-session.rank"], undefined);
        assert.equal(labels["distributed-session.role"], "worker");
    });
});
