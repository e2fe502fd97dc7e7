import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { DistributedSession } from "../../../components";
import { deploy } from "../../helpers/deploy";
import { PartialArgs, deploySession, find, sessionArgs } from "../../helpers/session";

const component = "distributed-session:index:DistributedSession";
const stash = "pulumi:index:Stash";
const network = "docker:index/network:Network";
const container = "docker:index/container:Container";

describe("the resources of a session", () => {
    it("are a uid in the state, a network, a master and n workers", async () => {
        const { resources } = await deploySession();
        assert.deepEqual(
            resources.map(({ type, name }) => [type, name]),
            [
                [component, "s"],
                [stash, "s-uid"],
                [network, "s-network"],
                [container, "s-master"],
                [container, "s-worker-1"],
                [container, "s-worker-2"],
            ],
        );
    });

    it("leave the network open, unless egress is closed: then its bridge has no address that leads to the host", async () => {
        const inputsOf = async (changes: PartialArgs) => find(await deploySession(changes), "s-network").inputs;
        const [open, closed] = [await inputsOf({}), await inputsOf({ egress: "closed" })];
        assert.deepEqual([open.internal, open.options], [false, undefined]);
        assert.deepEqual(
            [closed.internal, closed.options],
            [true, { "com.docker.network.bridge.inhibit_ipv4": "true" }],
        );
    });

    it("are the same in a preview", async () => {
        const preview = await deploySession({}, { preview: true });
        const up = await deploySession();
        const urns = (of: typeof up) => of.resources.map(({ urn }) => urn).sort();
        assert.deepEqual(urns(preview), urns(up));
    });

    it("are a network and a master where there are no workers", async () => {
        const { resources, outputs } = await deploySession({ workers: { n: 0 } });
        assert.deepEqual(
            resources.map(({ name }) => name),
            ["s", "s-uid", "s-network", "s-master"],
        );
        assert.deepEqual(outputs.workers, []);
    });

    it("are all children of the session", async () => {
        const deployment = await deploySession();
        const session = find(deployment, "s");
        for (const child of deployment.resources.filter(({ type }) => type !== component)) {
            assert.equal(child.parent, session.urn, child.name);
        }
    });

    it("of two sessions stand side by side", async () => {
        const { resources } = await deploy(() => {
            new DistributedSession("a", sessionArgs());
            new DistributedSession("b", sessionArgs());
        });
        const subnets = resources
            .filter(({ type }) => type === network)
            .map(({ inputs }) => inputs.ipamConfigs[0].subnet as string);
        assert.equal(resources.length, 12);
        assert.equal(new Set(subnets).size, 2);
    });
});

describe("a session with bad arguments", () => {
    const bad: [string, PartialArgs, string][] = [
        ["one problem", { workers: { n: -1 } }, "workers.n: -1 is not a whole number from 0 to 10000"],
        [
            "many",
            { kubernetes: {}, workers: { cpu: 0 } },
            'kubernetes: is for backend "kubernetes", and the backend is "docker"; remove it\n' +
                "  workers.cpu: 0 is not a number of cores from 0.01 to 10000",
        ],
    ];
    for (const [what, changes, text] of bad) {
        it(`has ${what}, and no child at all`, async () => {
            const children: string[] = [];
            const deployment = deploySession(changes, {
                computed: ({ name, type }) => {
                    children.push(...(type.startsWith("docker:") ? [name] : []));
                    return {};
                },
            });
            await assert.rejects(deployment, (error: unknown) => {
                assert.ok(pulumi.ResourceError.isInstance(error));
                const count = what === "many" ? "2 problems" : "1 problem";
                assert.equal(error.message, `DistributedSession "s" has ${count}:\n  ${text}`);
                return true;
            });
            assert.deepEqual(children, []);
        });
    }

    it("says so where the project is no text", async () => {
        const changes = { project: 5 } as unknown as PartialArgs;
        await assert.rejects(deploySession(changes), pulumi.ResourceError);
    });
});
