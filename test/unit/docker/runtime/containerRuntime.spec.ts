import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { identityOf } from "../../../../components/model/labels";
import { planSession } from "../../../../components/model/plan";
import { PlayedDocker, labelsOf, playedUid } from "../../../helpers/playedDocker";
import { containerRuntime } from "../../../helpers/runtimes";
import { sessionArgs } from "../../../helpers/session";

const session = identityOf("s");

describe("the containers of a host as engines", () => {
    const plan = planSession("s", sessionArgs(), undefined);
    const hasWorkers = (host: PlayedDocker) => containerRuntime(host.docker, plan).hasWorkers();

    it("have workers where one of the session is there, in whatever state", async () => {
        const host = new PlayedDocker();
        host.containers = [{ id: "a", labels: labelsOf("one", 4, session), isRunning: false }];
        assert.equal(await hasWorkers(host), true);
    });

    it("have none with a master alone, and the workers of another session", async () => {
        const host = new PlayedDocker();
        host.containers = [
            { id: "a", labels: labelsOf("one", 0, session) },
            { id: "b", labels: labelsOf("one", 1, "p/s/other") },
        ];
        assert.equal(await hasWorkers(host), false);
    });
});

describe("an engine whose root is read-only", () => {
    it("is named where the daemon cannot start it, in the daemon's words", async () => {
        const plan = planSession("s", sessionArgs({ readOnlyRoot: true }), undefined);
        const refuse = () => Promise.reject(Object.assign(new Error("no space left"), { statusCode: 500 }));
        const container = { inspect: () => Promise.resolve({ Config: {}, State: { Status: "created" } }) };
        const docker = { getContainer: () => container, createContainer: refuse } as unknown as PlayedDocker["docker"];
        const created = { engine: plan.master, id: "c", urn: "urn", resource: {} as pulumi.Resource };
        const attended = containerRuntime(docker, plan).attend([created]);
        await assert.rejects(attended, /^Error: s-master could not be started: no space left\.$/);
    });
});

describe("the volumes of a session on a host", () => {
    const plan = planSession("s", sessionArgs({ shared: {} }), undefined);
    const token = `old.${playedUid}`;
    const found = (...names: string[]) => {
        const volumes = names.map((name) => ({ name, token }));
        return { inventory: { containers: [], networks: [], volumes } };
    };

    it("that a killed up has left are removed beside the one that Pulumi knows", async () => {
        const host = new PlayedDocker();
        const runtime = containerRuntime(host.docker, plan, found("s-shared-1", "s-shared-2", "s-shared-3"));
        host.refusals["s-shared-3"] = 409;
        assert.deepEqual(await runtime.attendShared("s-shared-2"), ["the volume s-shared-1"]);
        assert.deepEqual(host.removals, [["s-shared-1"], ["s-shared-3"]]);
    });

    it("are removed when Pulumi is killed, but for those that were there before", async () => {
        const host = new PlayedDocker();
        host.volumes = ["s-shared-1", "s-shared-2"].map((id) => ({ id, labels: labelsOf(token, undefined, session) }));
        await containerRuntime(host.docker, plan, found("s-shared-1")).abandon();
        assert.deepEqual(host.removals, [["s-shared-2"]]);
    });
});
