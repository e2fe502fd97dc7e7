import assert from "node:assert/strict";
import { FoundContainer, takeInventory, workerAliases } from "../../../../components/docker/runtime/inventory";
import { parseSubnet } from "../../../../components/docker/addressing";
import { label } from "../../../../components/model/labels";
import { PlayedDocker, labelsOf, playedUid } from "../../../helpers/playedDocker";

/** What the state of another session of the same name has. */
const otherUid = "fedcba9876543210fedcba9876543210";

describe("what a session has on a Docker host", () => {
    let host: PlayedDocker;
    const take = () => takeInventory(host.docker, { name: "p/s/s", uid: playedUid }, 4096);
    beforeEach(() => (host = new PlayedDocker()));

    it("is its containers, each with its rank and generation, and its network", async () => {
        host.containers = [
            { id: "a", name: "s-master-1", labels: labelsOf("one", 0), pidsLimit: 4096 },
            { id: "b", name: "s-worker-2", labels: labelsOf("two", 2), pidsLimit: 4096 },
        ];
        host.networks = [{ id: "n", name: "s-network-1", labels: labelsOf("three"), subnet: "10.77.0.0/24" }];
        const { containers, networks } = await take();
        const found = containers.map(({ state: { status }, ...container }) => ({ ...container, status }));
        const running = { isLeftover: false, status: "running" };
        assert.deepEqual(found, [
            { id: "a", name: "s-master-1", rank: 0, group: undefined, ip: undefined, token: "one", ...running },
            { id: "b", name: "s-worker-2", rank: 2, group: undefined, ip: undefined, token: "two", ...running },
        ]);
        assert.deepEqual(networks, [
            { id: "n", name: "s-network-1", token: "three", subnet: parseSubnet("10.77.0.0/24") },
        ]);
    });

    it("is containers of groups, each with its group and the address that it asks for", async () => {
        const labels = { ...labelsOf("one", 1), [label.group]: "gpu" };
        host.containers = [{ id: "a", name: "s-gpu-1", labels, pidsLimit: 4096, ip: "10.77.0.197" }];
        const [{ rank, group, ip }] = (await take()).containers as [FoundContainer];
        assert.deepEqual([rank, group, ip], [1, "gpu", "10.77.0.197"]);
        assert.deepEqual(await workerAliases(host.docker, { name: "p/s/s", uid: playedUid }), new Set(["gpu-1"]));
    });

    it("is there also where it does not run any more", async () => {
        host.containers = [{ id: "a", labels: labelsOf("one", 1), isRunning: false }];
        assert.deepEqual(
            (await take()).containers.map(({ state }) => state.status),
            ["succeeded"],
        );
    });

    it("is the volume of its shared folder, by name", async () => {
        host.volumes = [
            { id: "s-shared-1", labels: labelsOf("") },
            { id: "other", labels: labelsOf("", undefined, "p/s/other") },
        ];
        assert.deepEqual((await take()).volumes, [{ name: "s-shared-1", token: "" }]);
    });

    it("is nothing of another session, nor of nobody's", async () => {
        host.containers = [{ id: "a", labels: labelsOf("one", 1, "p/s/other") }, { id: "b" }];
        host.networks = [{ id: "n", name: "n", labels: labelsOf("one", undefined, "p/s/other") }, { id: "o" }];
        assert.deepEqual(await take(), { containers: [], networks: [], volumes: [] });
    });

    it("is what has its uid, and what an earlier release created without one, but nothing with another", async () => {
        const tokens = [
            "one",
            `one.${playedUid}`,
            `one.${playedUid}.folders`,
            `one.${otherUid}`,
            `one.${otherUid}.folders`,
        ];
        host.containers = tokens.map((token, rank) => ({ id: `c${rank}`, labels: labelsOf(token, rank) }));
        host.networks = tokens.map((token, index) => ({ id: `n${index}`, name: "n", labels: labelsOf(token) }));
        host.volumes = tokens.map((token, index) => ({ id: `v${index}`, labels: labelsOf(token) }));
        const { containers, networks, volumes } = await take();
        const own = tokens.slice(0, 3);
        assert.deepEqual(
            [containers, networks, volumes].map((each) => each.map(({ token }) => token)),
            [own, own, own],
        );
    });

    it("is of no generation where an older version of the component made it", async () => {
        const { [label.generation]: container, ...old } = labelsOf("one", 1);
        const { [label.generation]: network, ...oldNetwork } = labelsOf("one");
        assert.deepEqual([container, network], ["one", "one"]);
        host.containers = [{ id: "a", labels: old }];
        host.networks = [{ id: "n", name: "n", labels: oldNetwork }];
        const { containers, networks } = await take();
        assert.deepEqual([containers[0]!.token, networks[0]!.token], ["", ""]);
    });

    it("is called by its id where it has no name", async () => {
        host.containers = [{ id: "a", labels: labelsOf("one", 1) }];
        assert.equal((await take()).containers[0]!.name, "a");
    });

    it("counts as gone where it goes meanwhile", async () => {
        host.containers = [{ id: "a", labels: labelsOf("one", 1), isGone: true }];
        assert.equal((await take()).containers[0]!.state.isGone, true);
    });

    const limits: [number | null | undefined, boolean | undefined, boolean][] = [
        [4096, true, false],
        [16, undefined, false],
        [undefined, true, true],
        [null, true, true],
        [0, true, true],
        [-1, true, true],
        [null, undefined, true],
        [null, false, false],
        [0, false, false],
    ];
    for (const [pidsLimit, knows, isLeftover] of limits) {
        const of = { true: "knows limits", false: "knows no limits", undefined: "says nothing of limits" }[`${knows}`];
        it(`is ${isLeftover ? "a leftover" : "attended"} with a limit of ${pidsLimit} processes, on a host that ${of}`, async () => {
            host.info = { PidsLimit: knows };
            host.containers = [{ id: "a", labels: labelsOf("one", 1), pidsLimit }];
            assert.equal((await take()).containers[0]!.isLeftover, isLeftover);
        });
    }

    for (const [pidsLimit, isLeftover] of [
        [2048, true],
        [4096, false],
        // As after a change of docker.pidsLimit.
        [1000, false],
    ] as const) {
        it(`is ${isLeftover ? "a leftover" : "attended"} with a limit of ${pidsLimit} processes on Podman, which limits each container itself`, async () => {
            host.info = { PidsLimit: true, BuildahVersion: "1.28.2" };
            host.containers = [{ id: "a", labels: labelsOf("one", 1), pidsLimit }];
            assert.equal((await take()).containers[0]!.isLeftover, isLeftover);
        });
    }
});

describe("the workers that a session has on a Docker host", () => {
    it("are known by their ranks, in whatever state, and without the master and other sessions", async () => {
        const host = new PlayedDocker();
        host.containers = [
            { id: "a", labels: labelsOf("one", 0) },
            { id: "b", labels: labelsOf("one", 1) },
            { id: "c", labels: labelsOf("one", 10), isRunning: false },
            { id: "d", labels: labelsOf("one", 3, "p/s/other") },
            { id: "e", labels: labelsOf(`one.${otherUid}`, 4) },
        ];
        assert.deepEqual(
            await workerAliases(host.docker, { name: "p/s/s", uid: playedUid }),
            new Set(["worker-1", "worker-10"]),
        );
    });
});
