import assert from "node:assert/strict";
import { LivePods } from "../../../../components/kubernetes/runtime/livePods";
import { pod } from "../../../helpers/pods";
import { PlayedCluster, eventually } from "../../../helpers/playedCluster";

describe("the Pods of a Job", () => {
    async function open(...pods: Parameters<typeof pod>[0][]) {
        const played = new PlayedCluster(...pods.map((each) => pod(each)));
        const live = await LivePods.open(played.cluster, "a=b", true);
        await eventually(() => played.watches.length === 1);
        return { live, watch: played.watches[0]! };
    }
    const early = { createdAt: "2024-01-01T00:00:00Z" };
    const late = { createdAt: "2024-01-01T00:00:30Z" };

    it("are found by their rank, which is one more than the index", async () => {
        const { live, watch } = await open({ name: "s-0-x", job: "j", index: 0 });
        watch.emit("ADDED", pod({ name: "s-1-y", job: "j", index: 1 }));
        assert.equal(live.get("j#1")!.metadata!.name, "s-0-x");
        assert.equal(live.get("j#2")!.metadata!.name, "s-1-y");
        assert.equal(live.get("j#3"), undefined);
        live.close();
    });

    it("are found by the label of their rank where they have no index", async () => {
        const { live } = await open({ name: "x", job: "j", labels: { "distributed-session.rank": "3" } });
        assert.equal(live.get("j#3")!.metadata!.name, "x");
        live.close();
    });

    it("are those of one Job, and not those of another", async () => {
        const { live } = await open({ name: "x", job: "j", index: 0 }, { name: "y", job: "k", index: 0, ...late });
        assert.deepEqual(
            live.attempts("j#1").map(({ metadata }) => metadata!.name),
            ["x"],
        );
        live.close();
    });

    it("are all attempts at a rank, the newest first", async () => {
        const { live, watch } = await open({ name: "old", job: "j", index: 0, ...early });
        watch.emit("ADDED", pod({ name: "new", job: "j", index: 0, ...late }));
        assert.deepEqual(
            live.attempts("j#1").map(({ metadata }) => metadata!.name),
            ["new", "old"],
        );
        live.close();
    });

    it("notify the listeners of their rank", async () => {
        const { live, watch } = await open();
        let calls = 0;
        live.onChange("j#1", () => calls++);
        watch.emit("ADDED", pod({ job: "j", index: 0 }));
        watch.emit("ADDED", pod({ name: "q", job: "j", index: 1 }));
        assert.equal(calls, 1);
        live.close();
    });

    it("are the newest ones of their ranks, in whatever order events arrive", async () => {
        const lost = { name: "old", job: "j", index: 0, phase: "Failed", ...early };
        const next = { name: "new", job: "j", index: 0, ...late };
        for (const pods of [
            [lost, next],
            [next, lost],
        ]) {
            const { live, watch } = await open(...pods);
            assert.equal(live.get("j#1")!.metadata!.name, "new");
            watch.emit("MODIFIED", pod(lost));
            assert.equal(live.get("j#1")!.metadata!.name, "new");
            live.close();
        }
    });

    it("are those that stay, where two of a rank were created in the same second", async () => {
        const { live } = await open(
            { name: "goes", job: "j", index: 0, isGoing: true },
            { name: "stays", job: "j", index: 0 },
        );
        assert.equal(live.get("j#1")!.metadata!.name, "stays");
        live.close();
    });

    it("are gone once they are deleted, until the next one exists", async () => {
        const { live, watch } = await open({ name: "old", job: "j", index: 0 });
        watch.emit("DELETED", pod({ name: "old", job: "j", index: 0 }));
        assert.equal(live.get("j#1"), undefined);
        assert.deepEqual(live.attempts("j#1"), []);
        watch.emit("ADDED", pod({ name: "new", job: "j", index: 0, ...late }));
        assert.equal(live.get("j#1")!.metadata!.name, "new");
        live.close();
    });
});
