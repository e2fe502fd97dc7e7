import assert from "node:assert/strict";
import { identityOf } from "../../../../components/model/labels";
import { planSession } from "../../../../components/model/plan";
import { PlayedDocker, labelsOf } from "../../../helpers/playedDocker";
import { containerRuntime } from "../../../helpers/runtimes";
import { sessionArgs } from "../../../helpers/session";

describe("the containers of a host as engines", () => {
    const session = identityOf("s");
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
