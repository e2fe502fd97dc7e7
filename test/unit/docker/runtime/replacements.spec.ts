import assert from "node:assert/strict";
import { FoundContainer, FoundNetwork } from "../../../../components/docker/runtime/inventory";
import { findInTheWay, planHostReplacements, removeOld } from "../../../../components/docker/runtime/replacements";
import { parseSubnet } from "../../../../components/docker/addressing";
import { planSession } from "../../../../components/model/plan";
import { foundEngine } from "../../../helpers/engines";
import { PlayedDocker, playedUid } from "../../../helpers/playedDocker";
import { sessionArgs } from "../../../helpers/session";

/** A healthy container, or one that was left behind. */
function container(rank: number, isLeftover = false, token = `old-${rank}.${playedUid}`): FoundContainer {
    return { ...foundEngine(rank, {}, isLeftover), id: `c${rank}`, name: `s-${rank}`, token };
}

const network: FoundNetwork = { id: "n", name: "s-network", token: `old.${playedUid}` };
const other: FoundNetwork = { id: "o", name: "s-network-2", token: `older.${playedUid}` };

describe("what becomes of a session's network on a Docker host", () => {
    const fresh = `100.${playedUid}`;
    const replacements = (containers: FoundContainer[], networks: FoundNetwork[]) =>
        planHostReplacements(planSession("s", sessionArgs(), undefined), { containers, networks }, fresh);

    const table: [string, FoundContainer[], FoundNetwork[], string, FoundNetwork[]][] = [
        ["is kept where an engine is", [container(0)], [network], network.token, []],
        ["is kept with all that is there where an engine is", [container(0)], [network, other], network.token, []],
        ["is removed and recreated where no engine is there", [], [network, other], fresh, [network, other]],
        ["is removed and recreated where all engines are leftovers", [container(0, true)], [network], fresh, [network]],
        ["is kept where a master is gone, and so its workers go", [container(1)], [network], network.token, []],
        ["is made where there is none", [], [], fresh, []],
        ["is made where it is gone and an engine is not", [container(0)], [], fresh, []],
    ];
    for (const [what, containers, networks, generation, removed] of table) {
        it(what, () => {
            const found = replacements(containers, networks);
            assert.deepEqual([found.network, found.networks], [generation, removed]);
        });
    }

    it("is decided with what becomes of the engines", () => {
        const { containers, engines } = replacements([container(0), container(1, true)], [network]);
        assert.deepEqual(containers, [container(1, true)]);
        assert.deepEqual(
            [...engines],
            [
                ["master", `old-0.${playedUid}`],
                ["worker-1", `${fresh}.folders`],
                ["worker-2", `${fresh}.folders`],
            ],
        );
    });
});

describe("what an earlier release created on a Docker host, without a uid", () => {
    const fresh = `100.${playedUid}`;
    const plan = planSession("s", sessionArgs(), undefined);

    it("stays as it is where its engine is", () => {
        const containers = [container(0, false, "old-0"), container(1, false, "old-1.folders")];
        const found = planHostReplacements(plan, { containers, networks: [{ ...network, token: "old" }] }, fresh);
        assert.deepEqual([found.network, found.networks, found.containers], ["old", [], []]);
        assert.deepEqual([found.engines.get("master"), found.engines.get("worker-1")], ["old-0", "old-1.folders"]);
        assert.equal(found.engines.get("worker-2"), `${fresh}.folders`);
    });

    it("is never removed as a leftover: it may be another session's", () => {
        for (const containers of [[], [container(1, false, "old-1"), container(2, true, "old-2.folders")]]) {
            const found = planHostReplacements(plan, { containers, networks: [{ ...network, token: "old" }] }, fresh);
            assert.deepEqual([found.containers, found.networks], [[], []]);
        }
    });
});

describe("the containers that are in the way of others", () => {
    const subnet = parseSubnet("10.77.0.0/24")!;
    const group = (name: string) => ({ name, n: 1, command: ["train"] });
    const [uppermost, second] = ["10.77.0.197", "10.77.0.170"];
    const found = (name: string, ip?: string): FoundContainer => ({ ...container(1), group: name, id: name, ip });
    const inTheWay = (names: string[], ...containers: FoundContainer[]) => {
        const plan = planSession("s", sessionArgs({ workerGroups: names.map(group) }));
        return findInTheWay(plan, { containers, networks: [{ ...network, subnet }] }).map(({ id }) => id);
    };

    it("are those of a group whose place in the list another one has", () => {
        assert.deepEqual(inTheWay(["b"], found("a", uppermost)), ["a"]);
        assert.deepEqual(inTheWay(["b", "a"], found("a", uppermost), found("b", second)), ["a", "b"]);
        assert.deepEqual(inTheWay(["b"], found("a", uppermost), found("b", second)), ["a"]);
    });

    it("are those of workers whose addresses a group gets", () => {
        assert.deepEqual(inTheWay(["a"], { ...container(195), ip: uppermost }), ["c195"]);
    });

    it("are none in a session without groups, wherever its containers are", () => {
        assert.deepEqual(inTheWay([], { ...container(2), ip: "10.77.0.3" }), []);
    });

    it("are none of a group that is in its place, or in nobody's", () => {
        assert.deepEqual(inTheWay(["a", "b"], found("a", uppermost), found("b", second)), []);
        assert.deepEqual(inTheWay(["a"], found("a", uppermost), found("b", second), found("c")), []);
    });
});

describe("the removal of what a session had on a Docker host", () => {
    const old = {
        containers: [container(0), container(1)],
        networks: [network, other],
        network: "fresh",
        engines: new Map<string, string>(),
    };

    it("takes containers first, also such as run, with their volumes, and then the networks", async () => {
        const host = new PlayedDocker();
        assert.deepEqual(await removeOld(host.docker, old), [
            "the container s-0",
            "the container s-1",
            "the network s-network",
            "the network s-network-2",
        ]);
        assert.deepEqual(host.removals, [
            ["c0", { force: true, v: true }],
            ["c1", { force: true, v: true }],
            ["n"],
            ["o"],
        ]);
    });

    for (const code of [404, 409]) {
        it(`goes on where something is gone or terminating (${code}), and does not report it`, async () => {
            const host = new PlayedDocker();
            Object.assign(host.refusals, { c0: code, n: code });
            assert.deepEqual(await removeOld(host.docker, old), ["the container s-1", "the network s-network-2"]);
        });
    }

    for (const code of [403, 500, 0]) {
        it(`fails where the daemon does (${code || "a lost connection"})`, async () => {
            for (const id of ["c0", "o"]) {
                const host = new PlayedDocker();
                host.refusals[id] = code;
                await assert.rejects(removeOld(host.docker, old), { message: "no" });
            }
        });
    }

    it("is none where there is nothing to remove", async () => {
        const host = new PlayedDocker();
        assert.deepEqual(await removeOld(host.docker, { ...old, containers: [], networks: [] }), []);
        assert.deepEqual(host.removals, []);
    });
});
