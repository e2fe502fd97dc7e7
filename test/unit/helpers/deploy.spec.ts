import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { deploy, unknown } from "../../helpers/deploy";

function fail(): never {
    throw new Error("boom");
}

describe("deploy", () => {
    it("rejects when the program throws at once", async () => {
        await assert.rejects(deploy(fail), { message: "boom" });
    });

    it("rejects when an apply throws whose value is an output", async () => {
        await assert.rejects(
            deploy(() => ({ bad: pulumi.output(1).apply(fail) })),
            { message: /boom/ },
        );
    });

    it("rejects when an apply throws whose value is an input", async () => {
        await assert.rejects(
            deploy(() => void new docker.Network("n", { driver: pulumi.output("bridge").apply(fail) })),
            { message: /boom/ },
        );
    });

    it("rejects when an apply throws that nobody waits for", async () => {
        await assert.rejects(
            deploy(() => void new docker.Network("n").id.apply(() => pulumi.output(1).apply(fail))),
            { message: "boom" },
        );
    });

    it("is not troubled by an earlier program that threw", async () => {
        await assert.rejects(deploy(() => void pulumi.output(1).apply(fail)));
        const { resources, outputs } = await deploy(() => ({ id: new docker.Network("n").id }));
        assert.deepEqual(
            resources.map(({ name }) => name),
            ["n"],
        );
        assert.deepEqual(outputs, { id: "n-0123456789" });
    });

    it("leaves no listener behind", async () => {
        const before = process.listenerCount("unhandledRejection");
        await deploy(() => undefined);
        await assert.rejects(deploy(fail));
        assert.equal(process.listenerCount("unhandledRejection"), before);
    });

    it("hides the Docker host of the user who runs it, and gives it back", async () => {
        const before = process.env.DOCKER_CONTEXT;
        process.env.DOCKER_CONTEXT = "mine";
        try {
            const { outputs } = await deploy(() => ({ context: process.env.DOCKER_CONTEXT ?? "none" }));
            assert.equal(outputs.context, "none");
            assert.equal(process.env.DOCKER_CONTEXT, "mine");
        } finally {
            delete process.env.DOCKER_CONTEXT;
            Object.assign(process.env, before === undefined ? {} : { DOCKER_CONTEXT: before });
        }
    });

    it("describes the options and the dependencies of a resource", async () => {
        const { resources } = await deploy(() => {
            const network = new docker.Network("n");
            new docker.Container(
                "c",
                { image: "i", networkMode: network.id },
                { deleteBeforeReplace: true, ignoreChanges: ["a"], replaceOnChanges: ["b"], protect: true },
            );
        });
        const [network, container] = resources;
        assert.deepEqual(container!.dependencies.networkMode, [network!.urn]);
        assert.equal(container!.inputs.networkMode, "n-0123456789");
        assert.equal(container!.deleteBeforeReplace, true);
        assert.equal(container!.protect, true);
        assert.deepEqual(container!.ignoreChanges, ["a"]);
        assert.deepEqual(container!.replaceOnChanges, ["b"]);
    });

    it("adds what the cloud computes to the outputs", async () => {
        const { outputs } = await deploy(() => ({ scope: new docker.Network("n").scope }), {
            computed: () => ({ scope: "local" }),
        });
        assert.equal(outputs.scope, "local");
    });

    it("leaves in a preview unknown what only the cloud decides", async () => {
        const { resources } = await deploy(
            () => void new docker.Container("c", { image: "i", networkMode: new docker.Network("n").id }),
            { preview: true },
        );
        assert.equal(resources[1]!.inputs.networkMode, unknown);
    });
});
