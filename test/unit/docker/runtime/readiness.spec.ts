import type Docker from "dockerode";
import assert from "node:assert/strict";
import { Readable } from "stream";
import { identityOf } from "../../../../components/model/labels";
import { untilMasterListens } from "../../../../components/observing/readiness";
import { createdEngines, foundEngine } from "../../../helpers/engines";
import { planSession } from "../../../../components/model/plan";
import { dockerOf, hostWith } from "../../../helpers/containers";
import { frame } from "../../../helpers/frames";
import { PlayedDocker, labelsOf } from "../../../helpers/playedDocker";
import { containerRuntime } from "../../../helpers/runtimes";
import { PartialArgs, sessionArgs } from "../../../helpers/session";

interface Situation {
    /** How the master has ended, if it has. */
    exitCode?: number;
    /** The ranks of the workers that are there, in whatever state. */
    ranks?: number[];
    /** Those of them that are recreated. */
    recreated?: number[];
    /** Whether the master was there before this `up`. */
    isOld?: boolean;
    args?: PartialArgs;
}

describe("waiting for the master on a Docker host", () => {
    const closing = new AbortController();
    after(() => closing.abort());

    /** The failure that is reported, and the played master, which listens on port 6000 once a test lets it. */
    function wait({ exitCode, ranks = [], recreated = [], isOld = false, args = {} }: Situation) {
        const { docker: played, containers } = hostWith("m");
        const master = containers.get("m")!;
        if (exitCode !== undefined) {
            master.end(exitCode);
        }
        const listed = new PlayedDocker();
        listed.containers = ranks.map((rank) => ({
            id: `w${rank}`,
            labels: labelsOf("one", rank, identityOf("s")),
            isRunning: false,
        }));
        let [listens, inspections] = [false, 0];
        const exec = () => {
            inspections += 1;
            const sockets = listens ? " 0: 00000000:1770 00000000:0000 0A" : "";
            return Promise.resolve({
                start: () => Promise.resolve(Readable.from([frame(sockets)])),
                inspect: () => Promise.resolve({ ExitCode: 0 }),
            });
        };
        const listContainers: Docker["listContainers"] = (query: any) => listed.docker.listContainers(query) as any;
        const getContainer = (id: string) => ({ ...played.getContainer(id), exec });
        const docker = { ...dockerOf(getContainer), listContainers } as unknown as Docker;
        const plan = planSession("s", sessionArgs(args));
        const hostTime = isOld ? Date.now() : 0;
        const host = containerRuntime(docker, plan, { hostTime }, closing.signal);
        const found = recreated.map((rank) => ({ ...foundEngine(rank), id: `w${rank}`, name: `w${rank}` }));
        const runtime = Object.assign(host, { recreated: found });
        const watch = { host, runtime, plan, signal: closing.signal, reportRestart: () => undefined };
        const failure = untilMasterListens(watch, createdEngines(args)[0]!).then((each) => each?.text.split("\n"));
        return { failure, master, listen: () => (listens = true), inspections: () => inspections };
    }

    const without: [string, Situation][] = [
        ["a master without ports", { args: { master: { ports: [] } } }],
        ["a master whose workers are all there", { ranks: [2, 1] }],
        ["a master whose workers are all there and more", { ranks: [1, 2, 3] }],
        ["a master that has ended well after its workers came", { ranks: [1, 2], exitCode: 0 }],
        ["a master that has no workers", { args: { workers: { n: 0 } } }],
    ];
    for (const [what, situation] of without) {
        it(`does not inspect the ports of ${what}`, async () => {
            const { failure, inspections } = wait(situation);
            assert.deepEqual([await failure, inspections()], [undefined, 0]);
        });
    }

    it("goes on until it listens, where a worker is still to come", async () => {
        const { failure, listen, inspections } = wait({ ranks: [1] });
        setTimeout(listen, 20);
        assert.equal(await failure, undefined);
        assert.equal(inspections(), 2);
    });

    it("goes on until it listens, where a worker of a group is still to come", async () => {
        const workerGroups = [{ name: "gpu", n: 1, command: ["train"] }];
        const { failure, listen, inspections } = wait({ ranks: [1, 2], args: { workerGroups } });
        setTimeout(listen, 20);
        assert.equal(await failure, undefined);
        assert.equal(inspections(), 2);
    });

    it("goes on until it listens, where a worker that is there is recreated", async () => {
        const { failure, listen, inspections } = wait({ ranks: [1, 2], recreated: [2] });
        setTimeout(listen, 20);
        assert.equal(await failure, undefined);
        assert.equal(inspections(), 2);
    });

    it("fails where it has ended well, and a worker that is recreated would need it", async () => {
        assert.deepEqual(await wait({ ranks: [1, 2], recreated: [2], exitCode: 0 }).failure, [
            "The master s-master ended with exit code 0, and a worker that is to run needs it. It printed nothing.",
            "To run it again, and every worker with it: pulumi up --replace 'urn:m'",
        ]);
    });

    it("fails at once where it has failed, and says that the next up runs it again", async () => {
        assert.deepEqual(await wait({ exitCode: 3 }).failure, [
            "The master s-master ended with exit code 3. It printed nothing.",
            "The next pulumi up runs it again.",
        ]);
    });

    it("fails at once where it has failed under workers, which the user is to give up", async () => {
        assert.deepEqual(await wait({ exitCode: 3, ranks: [1, 2] }).failure, [
            "The master s-master ended with exit code 3. It printed nothing.",
            "To run it again, and every worker with it: pulumi up --replace 'urn:m'",
        ]);
    });

    it("is over where the master of a pool has ended well: it launched nothing", async () => {
        const { failure, master } = wait({ args: { workers: { command: undefined } } });
        setTimeout(() => master.end(0), 20);
        assert.equal(await failure, undefined);
    });

    it("fails where the master of a pool had ended well before, and a worker is to join it", async () => {
        const pool = { workers: { command: undefined } };
        const failure = await wait({ ranks: [1], exitCode: 0, isOld: true, args: pool }).failure;
        assert.match(failure![0]!, /ended with exit code 0, and a worker that is to run needs it/);
    });

    it("fails where it ends before it listens", async () => {
        const { failure, master } = wait({});
        setTimeout(() => master.end(0), 20);
        assert.deepEqual(await failure, [
            "The master s-master ended with exit code 0 before it listened on port 6000. It printed nothing.",
            "The next pulumi up runs it again.",
        ]);
    });

    it("fails where it does not listen in time", async () => {
        const [text] = (await wait({ args: { timeoutSeconds: 0.1 } }).failure)!;
        assert.match(text!, /s-master .* 6000/);
    });

    it("fails soon where it listened for other workers and no longer does, whatever the timeout", async () => {
        const { failure } = wait({ isOld: true, ranks: [1], args: { timeoutSeconds: 0.1 } });
        assert.deepEqual(await failure, [
            "The master s-master runs, but no longer listens on port 6000: a new worker could not reach it. " +
                "If it is restarting, run pulumi up again. To start it and every worker again: pulumi up --replace 'urn:m'",
        ]);
    });

    it("ends with the watching, also where nothing else ends it", async () => {
        const { failure } = wait({ args: { timeoutSeconds: 0 } });
        setTimeout(() => closing.abort(new Error("over")), 20);
        await assert.rejects(failure, { message: "over" });
    });
});
