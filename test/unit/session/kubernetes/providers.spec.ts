import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { clusterSettingsOf } from "../../../../components/kubernetes/runtime/client/cluster";
import { planSession } from "../../../../components/model/plan";
import { deploy } from "../../../helpers/deploy";
import { PartialArgs, deployOnCluster, find, sessionArgs } from "../../../helpers/session";

/** Where a session with this provider and these options is watched. */
async function settingsWith(
    provider: kubernetes.ProviderArgs | undefined,
    options: PartialArgs["kubernetes"],
    preview = false,
) {
    let secret: Promise<boolean> | undefined;
    const { outputs } = await deploy(
        () => {
            const providers = provider && [new kubernetes.Provider("far", provider)];
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent", {}, { providers });
            const plan = planSession("s", sessionArgs({ kubernetes: options }), undefined);
            const settings = clusterSettingsOf(plan, parent);
            secret = pulumi.isSecret(settings);
            return { settings };
        },
        { preview },
    );
    assert.equal(await secret, false);
    const given = Object.entries(outputs.settings as object).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given);
}

describe("a session on Kubernetes with a provider", () => {
    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`gives it to all its children, with workers as ${workers}`, async () => {
            const deployment = await deployOnCluster(
                {
                    project: "examples/hello-python",
                    workers: { env: { A: Promise.resolve("a") } },
                    kubernetes: { workers, createNamespace: true },
                },
                { providers: () => [new kubernetes.Provider("far", { kubeconfig: "{}" })] },
            );
            const far = find(deployment, "far");
            const children = deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"));
            assert.ok(children.length >= 7);
            for (const { provider, name } of children) {
                assert.ok(provider.startsWith(`${far.urn}::`), name);
            }
        });
    }

    it("looks for Pods where that provider makes them", async () => {
        const provider = { kubeconfig: "{}", context: "far", cluster: "away" };
        assert.deepEqual(await settingsWith(provider, {}), provider);
    });

    it("looks for them there also where its kubeconfig is a secret, which the session's outputs are not", async () => {
        assert.deepEqual(await settingsWith({ kubeconfig: pulumi.secret("{}") }, {}), { kubeconfig: "{}" });
    });

    it("looks for them where the user says", async () => {
        const provider = { kubeconfig: "{}", context: "far" };
        const options = { context: "mine", kubeconfig: pulumi.secret("{ }") };
        assert.deepEqual(await settingsWith(provider, options), { kubeconfig: "{ }", context: "mine" });
    });

    it("knows what the provider was given also in a preview", async () => {
        assert.deepEqual(await settingsWith({ kubeconfig: "{}" }, {}, true), { kubeconfig: "{}" });
    });

    it("knows the settings of the stack where there is no provider", async () => {
        pulumi.runtime.setAllConfig({ "kubernetes:kubeconfig": "{}", "kubernetes:context": "far" });
        try {
            assert.deepEqual(await settingsWith(undefined, {}), { kubeconfig: "{}", context: "far" });
        } finally {
            pulumi.runtime.setAllConfig({});
        }
    });

    it("knows nothing where nothing is said", async () => {
        assert.deepEqual(await settingsWith(undefined, {}), {});
    });
});
