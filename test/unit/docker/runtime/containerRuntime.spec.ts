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

describe("a container that is attended", () => {
    const plan = planSession("s", sessionArgs(), undefined);
    const refusal = (statusCode: number, text: string) => Object.assign(new Error(text), { statusCode });

    /** What is asked of a container in this state while it is attended. */
    async function attend(status: string, { limitsCreated = true, start = () => Promise.resolve() } = {}) {
        const asked: string[] = [];
        let PidsLimit = 0;
        const container = {
            inspect: () => Promise.resolve({ Config: {}, State: { Status: status }, HostConfig: { PidsLimit } }),
            update: (limits: { PidsLimit: number }) => {
                ({ PidsLimit } = limits);
                return Promise.resolve(void asked.push(`limit ${PidsLimit}`));
            },
            start: () => {
                asked.push("start");
                return start();
            },
        };
        const docker = { getContainer: () => container } as unknown as PlayedDocker["docker"];
        const created = { engine: plan.master, id: "c", urn: "urn", resource: {} as pulumi.Resource };
        await containerRuntime(docker, plan, { limitsCreated }).attend([created]);
        return asked;
    }

    it("has its processes limited before it is started", async () => {
        assert.deepEqual(await attend("created"), ["limit 4096", "start"]);
    });

    it("has them limited after its start on a host that changes only what runs", async () => {
        assert.deepEqual(await attend("created", { limitsCreated: false }), ["start", "limit 4096"]);
    });

    for (const status of ["running", "exited", "restarting"]) {
        it(`is not started when it is ${status}`, async () => {
            assert.deepEqual(await attend(status), ["limit 4096"]);
        });
    }

    it("may have been started by somebody else meanwhile", async () => {
        const start = () => Promise.reject(refusal(304, "already started"));
        assert.deepEqual(await attend("created", { start }), ["limit 4096", "start"]);
    });

    it("is named where the daemon cannot start it, in the daemon's words", async () => {
        const start = () => Promise.reject(refusal(500, "no space left"));
        await assert.rejects(attend("created", { start }), /^Error: s-master could not be started: no space left\.$/);
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
