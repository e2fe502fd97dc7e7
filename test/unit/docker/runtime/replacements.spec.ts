import assert from "node:assert/strict";
import { FoundContainer, FoundNetwork } from "../../../../components/docker/runtime/inventory";
import { planHostReplacements, removeOld } from "../../../../components/docker/runtime/replacements";
import { planSession } from "../../../../components/model/plan";
import { foundEngine } from "../../../helpers/engines";
import { PlayedDocker } from "../../../helpers/playedDocker";
import { sessionArgs } from "../../../helpers/session";

/** A healthy container, or one that was left behind. */
function container(rank: number, isLeftover = false): FoundContainer {
    return { ...foundEngine(rank, {}, isLeftover), id: `c${rank}`, name: `s-${rank}` };
}

const network: FoundNetwork = { id: "n", name: "s-network", token: "old" };
const other: FoundNetwork = { id: "o", name: "s-network-2", token: "older" };

describe("what becomes of a session's network on a Docker host", () => {
    const fresh = (36 ** 2).toString(36);
    const replacements = (containers: FoundContainer[], networks: FoundNetwork[]) =>
        planHostReplacements(planSession("s", sessionArgs(), undefined), { containers, networks }, 36 ** 2);

    const table: [string, FoundContainer[], FoundNetwork[], string, FoundNetwork[]][] = [
        ["is kept where an engine is", [container(0)], [network], "old", []],
        ["is kept with all that is there where an engine is", [container(0)], [network, other], "old", []],
        ["is removed and recreated where no engine is there", [], [network, other], fresh, [network, other]],
        ["is removed and recreated where all engines are leftovers", [container(0, true)], [network], fresh, [network]],
        ["is kept where a master is gone, and so its workers go", [container(1)], [network], "old", []],
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
                [0, "old-0"],
                [1, `${fresh}.folders`],
                [2, `${fresh}.folders`],
            ],
        );
    });
});

describe("the removal of what a session had on a Docker host", () => {
    const old = {
        containers: [container(0), container(1)],
        networks: [network, other],
        network: "fresh",
        engines: new Map<number, string>(),
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
