import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { hostSettingsOf } from "../../../components/docker/resources/hostSettings";
import { deploy } from "../../helpers/deploy";
import { deploySession, environmentIn, find } from "../../helpers/session";

describe("a session with a provider", () => {
    it("gives it to all its children", async () => {
        const deployment = await deploySession(
            {},
            { providers: () => [new docker.Provider("far", { host: "tcp://far:2375" })] },
        );
        const provider = `${find(deployment, "far").urn}::far-0123456789`;
        for (const name of ["s-network", "s-master", "s-worker-1", "s-worker-2"]) {
            assert.equal(find(deployment, name).provider, provider, name);
        }
    });

    it("looks for engines where that provider makes them", async () => {
        const { outputs } = await deploy(() => {
            const provider = new docker.Provider("far", { host: "tcp://far:2375" });
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent", {}, { providers: [provider] });
            return { settings: hostSettingsOf(parent) };
        });
        assert.equal(outputs.settings.host, "tcp://far:2375");
    });

    it("takes no address for a secret because the provider's key is one", async () => {
        const certificates = { certMaterial: "CERT", keyMaterial: pulumi.secret("KEY") };
        const deployment = await deploySession(
            { docker: { subnet: "10.77.0.0/24" } },
            { providers: () => [new docker.Provider("far", { host: "tcp://far:2376", ...certificates })] },
        );
        assert.equal(environmentIn(find(deployment, "s-worker-1")).CML_MASTER_IP, "10.77.0.2");
    });
});
