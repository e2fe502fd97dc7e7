import assert from "node:assert/strict";
import * as http from "http";
import { AddressInfo } from "net";
import { isPassing, openCluster } from "../../../../components/kubernetes/runtime/client/cluster";
import { LivePods } from "../../../../components/kubernetes/runtime/livePods";
import { NoAnswer } from "../../../../components/observing/time";
import { eventually } from "../../../helpers/playedCluster";

const patience = { answerMs: 150, changeMs: 200, readMs: 150, pingEveryMs: 30 };

describe("an API server that takes connections and does not answer", () => {
    const servers: http.Server[] = [];
    before(async function () {
        // The client is large: where it is loaded first, that takes seconds.
        this.timeout(60_000);
        await import("@kubernetes/client-node");
    });
    afterEach(() => {
        for (const server of servers.splice(0)) {
            server.closeAllConnections();
            server.close();
        }
    });

    /** A cluster whose API server answers as the function does. */
    async function clusterThat(answer: (path: string, response: http.ServerResponse) => void, own = patience) {
        const server = http.createServer((request, response) => answer(request.url!, response));
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const kubeconfig = JSON.stringify({
            "current-context": "it",
            clusters: [{ name: "it", cluster: { server: address, "insecure-skip-tls-verify": true } }],
            contexts: [{ name: "it", context: { cluster: "it", user: "me" } }],
            users: [{ name: "me", user: {} }],
        });
        return openCluster({ kubeconfig }, "here", own);
    }

    const isSilence = (what: string) => (error: Error) => {
        assert.ok(error instanceof NoAnswer, String(error));
        assert.ok(error.message === `The cluster has not answered for 0.15 s (GET ${what}).`, error.message);
        assert.equal(isPassing(error), false);
        return true;
    };
    /** A busy machine is no silence. */
    const unhurried = { ...patience, answerMs: 5000 };
    const json = { "Content-Type": "application/json" };
    const noPods = JSON.stringify({ kind: "PodList", items: [], metadata: { resourceVersion: "1" } });

    it("is named as that", async () => {
        const { core } = await clusterThat(() => undefined);
        await assert.rejects(core.listNamespacedPod({ namespace: "here" }), isSilence("/api/v1/namespaces/here/pods"));
    });

    it("is named as that where it stops in the middle of an answer", async () => {
        const { batch } = await clusterThat((_, response) => void response.writeHead(200, json).write("{"));
        await assert.rejects(
            batch.listNamespacedJob({ namespace: "here" }),
            isSilence("/apis/batch/v1/namespaces/here/jobs"),
        );
    });

    it("ends a watch, though its connection stays open", async () => {
        const cluster = await clusterThat((path, response) => {
            if (path.includes("watch=true")) {
                response.writeHead(200, json).flushHeaders();
            } else if (!path.startsWith("/version")) {
                response.writeHead(200, json).end(noPods);
            }
        });
        const live = await LivePods.open(cluster, "a=b", true);
        let failure: Error | undefined;
        await eventually(() => {
            try {
                live.check();
            } catch (error) {
                failure = error as Error;
            }
            return failure !== undefined;
        });
        isSilence("/version")(failure!);
    });

    it("is another one than an API server that answers, and has no change to report for a long time", async () => {
        const cluster = await clusterThat((path, response) => {
            response.writeHead(200, json);
            return path.includes("watch=true")
                ? response.flushHeaders()
                : response.end(path.startsWith("/version") ? "{}" : noPods);
        }, unhurried);
        const live = await LivePods.open(cluster, "a=b", true);
        await new Promise((resolve) => setTimeout(resolve, 500));
        live.check();
        live.close();
    });
});
