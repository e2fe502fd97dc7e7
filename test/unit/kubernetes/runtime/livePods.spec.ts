import assert from "node:assert/strict";
import { LivePods } from "../../../../components/kubernetes/runtime/livePods";
import { pod } from "../../../helpers/pods";
import { PlayedCluster, eventually, refusal } from "../../../helpers/playedCluster";
import { reportedDuring } from "../../../helpers/playedPulumi";

describe("the Pods of a session", () => {
    const opened: LivePods[] = [];
    afterEach(() => opened.splice(0).forEach((live) => live.close()));

    async function open(played: PlayedCluster, keepWatching = true): Promise<LivePods> {
        const live = await LivePods.open(played.cluster, "a=b", keepWatching);
        opened.push(live);
        return live;
    }

    it("are listed by their label, and watched from that moment on", async () => {
        const played = new PlayedCluster(pod());
        const live = await open(played);
        assert.equal(live.get("p")!.metadata!.uid, "p-uid");
        await eventually(() => played.watches.length === 1);
        assert.deepEqual(
            played.calls.map(({ name, query }) => [name, query]),
            [
                ["list", { namespace: "here", labelSelector: "a=b" }],
                ["watch", { path: "/api/v1/namespaces/here/pods", labelSelector: "a=b", resourceVersion: "1" }],
            ],
        );
    });

    it("are only listed without a watch where none is wanted", async () => {
        const played = new PlayedCluster(pod());
        await open(played, false);
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.equal(played.watches.length, 0);
    });

    it("are as the last event of each says, and listeners are called", async () => {
        const played = new PlayedCluster(pod());
        const live = await open(played);
        const notified: string[] = [];
        const stop = live.onChange("p", () => notified.push("p"));
        live.onChange("q", () => notified.push("q"));
        await eventually(() => played.watches.length === 1);
        const [watch] = played.watches;
        watch!.emit("MODIFIED", pod({ phase: "Succeeded" }));
        watch!.emit("ADDED", pod({ name: "q" }));
        assert.equal(live.get("p")!.status!.phase, "Succeeded");
        assert.equal(live.get("q")!.metadata!.name, "q");
        watch!.emit("DELETED", pod());
        assert.equal(live.get("p"), undefined);
        stop();
        watch!.emit("ADDED", pod());
        assert.deepEqual(notified, ["p", "q", "p"]);
    });

    it("do not change with a bookmark or an error among the events", async () => {
        const played = new PlayedCluster(pod());
        const live = await open(played);
        await eventually(() => played.watches.length === 1);
        played.watches[0]!.emit("BOOKMARK", pod({ phase: "Succeeded" }));
        played.watches[0]!.emit("ERROR", { kind: "Status", code: 410 } as never);
        assert.equal(live.get("p")!.status!.phase, "Running");
    });

    it("have times, also where an event delivers them as strings", async () => {
        const played = new PlayedCluster();
        const live = await open(played);
        await eventually(() => played.watches.length === 1);
        const since = "2024-01-01T00:00:00Z" as unknown as Date;
        played.watches[0]!.emit("ADDED", pod({ unschedulable: "no", since }));
        const [condition] = live.get("p")!.status!.conditions!;
        assert.equal(condition!.lastTransitionTime!.getTime(), Date.parse("2024-01-01T00:00:00Z"));
    });

    it("that were there before are kept as they were, by their uid", async () => {
        const played = new PlayedCluster(pod());
        const live = await open(played);
        await eventually(() => played.watches.length === 1);
        const changed = pod({ phase: "Succeeded" });
        played.watches[0]!.emit("MODIFIED", changed);
        assert.equal(live.asBefore(changed)!.status!.phase, "Running");
        assert.equal(live.asBefore(pod({ uid: "another" })), undefined);
        assert.equal(live.asBefore(pod({ name: "q" })), undefined);
        assert.deepEqual(
            live.allBefore().map(({ metadata }) => metadata!.name),
            ["p"],
        );
    });

    for (const [how, error] of [
        ["the API server ends the watch, as it does every few minutes", undefined],
        ["the version is too old", refusal(410)],
        ["the API server asks for patience", refusal(429)],
        ["the API server fails", refusal(503)],
        ["the connection is lost", new Error("ECONNRESET")],
    ] as const) {
        it(`are listed and watched again where ${how}`, async () => {
            const played = new PlayedCluster(pod(), pod({ name: "q" }));
            const live = await open(played);
            const notified: string[] = [];
            ["p", "q", "r"].forEach((name) => live.onChange(name, () => notified.push(name)));
            await eventually(() => played.watches.length === 1);
            played.pods = [pod({ phase: "Succeeded" }), pod({ name: "r" })];
            played.watches[0]!.end(error);
            await eventually(() => played.watches.length === 2);
            assert.equal(played.watches[1]!.query.resourceVersion, "2");
            assert.equal(live.get("p")!.status!.phase, "Succeeded");
            assert.equal(live.get("q"), undefined);
            assert.ok(live.get("r"));
            assert.deepEqual([...new Set(notified)].sort(), ["p", "q", "r"]);
            live.check();
        });
    }

    it("name each restart of the watch in the debug output, with its reason", async () => {
        const messages = await reportedDuring(async () => {
            const played = new PlayedCluster(pod());
            await open(played);
            for (const [losses, error] of [undefined, refusal(503, "unavailable")].entries()) {
                await eventually(() => played.watches.length === losses + 1);
                played.watches[losses]!.end(error);
            }
            await eventually(() => played.watches.length === 3);
        });
        assert.deepEqual(
            messages.map(({ text, severity }) => [text, severity]),
            [
                ["Kubernetes: the watch of the Pods ended", 0],
                ["Kubernetes: the watch of the Pods failed: unavailable", 0],
            ],
        );
    });

    for (const code of [401, 403, 404]) {
        it(`are given up where the API server answers ${code}, and listeners are called`, async () => {
            const played = new PlayedCluster(pod());
            const live = await open(played);
            let calls = 0;
            live.onChange("p", () => calls++);
            await eventually(() => played.watches.length === 1);
            played.watches[0]!.end(refusal(code, "forbidden"));
            await eventually(() => calls === 1);
            assert.throws(() => live.check(), { message: "forbidden" });
            await new Promise((resolve) => setTimeout(resolve, 700));
            assert.equal(played.count("list"), 1);
        });
    }

    describe("on a clock that a test sets", () => {
        const realNow = Date.now;
        let ahead = 0;
        beforeEach(() => {
            ahead = 0;
            Date.now = () => realNow() + ahead;
        });
        afterEach(() => void (Date.now = realNow));

        it("are watched again after a long watch whose connection was lost", async () => {
            const played = new PlayedCluster(pod());
            const live = await open(played);
            await eventually(() => played.watches.length === 1);
            ahead = 3_600_000;
            played.watches[0]!.end(new Error("ECONNRESET"));
            await eventually(() => played.watches.length === 2);
            live.check();
        });

        it("are watched again after each of many short losses", async () => {
            const played = new PlayedCluster(pod());
            const live = await open(played);
            for (const losses of [1, 2, 3]) {
                await eventually(() => played.watches.length === losses);
                played.watches.at(-1)!.end(new Error("ECONNRESET"));
                await eventually(() => played.watches.length === losses + 1);
                ahead += 31_000;
            }
            live.check();
        });

        it("are given up once the cluster has not answered for 30 s", async () => {
            const played = new PlayedCluster(pod());
            const live = await open(played);
            await eventually(() => played.watches.length === 1);
            played.refusals.list = new Error("ECONNREFUSED");
            played.watches[0]!.end();
            await eventually(() => played.count("list") === 2);
            live.check();
            ahead = 31_000;
            await eventually(() => played.count("list") === 3);
            await new Promise((resolve) => setTimeout(resolve, 10));
            assert.throws(() => live.check(), /The cluster has not answered for 30 s \(ECONNREFUSED\)\./);
        });
    });

    it("are no longer watched once that is closed", async () => {
        const played = new PlayedCluster(pod());
        const live = await open(played);
        await eventually(() => played.watches.length === 1);
        live.close();
        await eventually(() => played.watches[0]!.aborted);
        await new Promise((resolve) => setTimeout(resolve, 700));
        assert.equal(played.calls.length, 2);
    });

    it("are given up where a watch cannot even be asked for", async () => {
        const played = new PlayedCluster(pod());
        const { cluster } = played;
        cluster.watch.watch = () => Promise.reject(refusal(401, "no credentials"));
        const live = await LivePods.open(cluster, "a=b", true);
        opened.push(live);
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.throws(() => live.check(), { message: "no credentials" });
    });
});

describe("Pods that are removed", () => {
    it("count as ones that were not there", async () => {
        const live = await LivePods.open(new PlayedCluster(pod(), pod({ name: "q" })).cluster, "a=b", false);
        live.forget(({ metadata }) => metadata!.name === "p");
        assert.deepEqual(
            live.allBefore().map(({ metadata }) => metadata!.name),
            ["q"],
        );
    });
});
