import assert from "node:assert/strict";
import { ContainerHost } from "../../../../components/docker/runtime/containerHost";
import { Mask } from "../../../../components/observing/output";
import { PlayedDocker, labelsOf } from "../../../helpers/playedDocker";

describe("the containers of a host as engines", () => {
    const hasWorkers = (host: PlayedDocker) => new ContainerHost(host.docker, 0, new Mask(), "p/s/s").hasWorkers();

    it("have workers where one of the session is there, in whatever state", async () => {
        const host = new PlayedDocker();
        host.containers = [{ id: "a", labels: labelsOf("one", 4), isRunning: false }];
        assert.equal(await hasWorkers(host), true);
    });

    it("have none with a master alone, and the workers of another session", async () => {
        const host = new PlayedDocker();
        host.containers = [
            { id: "a", labels: labelsOf("one", 0) },
            { id: "b", labels: labelsOf("one", 1, "p/s/other") },
        ];
        assert.equal(await hasWorkers(host), false);
    });
});
