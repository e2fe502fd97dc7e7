import assert from "node:assert/strict";
import * as http from "http";
import type { AddressInfo } from "net";
import * as path from "path";
import {
    Cluster,
    codeOf,
    formatClusterError,
    openCluster,
    unlessForbidden,
} from "../../../../components/kubernetes/runtime/client/cluster";
import { folderWith, removeFolders } from "../../../helpers/folders";
import { reportedDuring } from "../../../helpers/playedPulumi";

/** A kubeconfig with two clusters, and a context for each. */
function kubeconfig(current = "near"): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": current,
        clusters: ["near", "far"].map((name) => ({ name, cluster: { server: `https://${name}:6443` } })),
        contexts: ["near", "far"].map((name) => ({ name, context: { cluster: name, user: "me" } })),
        users: [{ name: "me", user: { token: "x" } }],
    });
}

describe("the connection to a cluster", () => {
    const { KUBECONFIG } = process.env;
    before(async function () {
        // The client is large: where it is loaded first, that takes seconds.
        this.timeout(60_000);
        await import("@kubernetes/client-node");
    });
    afterEach(() => {
        delete process.env.KUBECONFIG;
        Object.assign(process.env, KUBECONFIG === undefined ? {} : { KUBECONFIG });
    });
    after(removeFolders);

    const fileWith = (content: string) => path.join(folderWith({ kubeconfig: content }), "kubeconfig");
    const serverOf = async (settings: Parameters<typeof openCluster>[0]) => {
        const { log, namespace } = await openCluster(settings, "here");
        assert.equal(namespace, "here");
        return log.config.getCurrentCluster()!.server;
    };

    it("is that of the content of a kubeconfig", async () => {
        assert.equal(await serverOf({ kubeconfig: kubeconfig() }), "https://near:6443");
    });

    it("is that of the file of a kubeconfig", async () => {
        assert.equal(await serverOf({ kubeconfig: fileWith(kubeconfig("far")) }), "https://far:6443");
    });

    it("is that of KUBECONFIG without a setting", async () => {
        process.env.KUBECONFIG = fileWith(kubeconfig("far"));
        assert.equal(await serverOf({}), "https://far:6443");
        assert.equal(await serverOf({ kubeconfig: "" }), "https://far:6443");
        assert.equal(await serverOf({ kubeconfig: kubeconfig() }), "https://near:6443");
    });

    it("is that of the context that is asked for", async () => {
        assert.equal(await serverOf({ kubeconfig: kubeconfig(), context: "far" }), "https://far:6443");
    });

    it("leads to the cluster that is asked for, as the context's user", async () => {
        const settings = { kubeconfig: kubeconfig(), cluster: "far" };
        assert.equal(await serverOf(settings), "https://far:6443");
        const { log } = await openCluster(settings, "here");
        assert.equal(log.config.getCurrentUser()!.token, "x");
    });
});

describe("the time of a cluster", () => {
    const servers: http.Server[] = [];
    afterEach(() => servers.splice(0).forEach((server) => server.close()));

    /** A cluster whose API server says that it is this time. */
    async function clusterAt(date: string | undefined): Promise<Cluster> {
        const server = http.createServer((_, response) => {
            response.sendDate = false;
            Object.entries(date === undefined ? {} : { Date: date }).forEach(([key, value]) => {
                response.setHeader(key, value);
            });
            response.setHeader("Content-Type", "application/json");
            response.end(JSON.stringify({ apiVersion: "v1", kind: "PodList", items: [] }));
        });
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const settings = { server: address, "insecure-skip-tls-verify": true };
        const config = JSON.parse(kubeconfig()) as { clusters: { cluster: object }[] };
        config.clusters.forEach((each) => (each.cluster = settings));
        return openCluster({ kubeconfig: JSON.stringify(config) }, "here");
    }
    const isNear = (time: number, expected: number) => assert.ok(Math.abs(time - expected) < 2000, `${time}`);

    it("is this machine's before the first answer, and that of the answers then", async () => {
        const past = Date.parse("2020-01-01T00:00:00Z");
        const cluster = await clusterAt(new Date(past).toUTCString());
        isNear(cluster.now(), Date.now());
        await cluster.core.listNamespacedPod({ namespace: "here" });
        isNear(cluster.now(), past);
    });

    it("is this machine's where an answer has no time, or none that can be read", async () => {
        for (const date of [undefined, "soon"]) {
            const cluster = await clusterAt(date);
            await cluster.batch.listNamespacedJob({ namespace: "here" });
            isNear(cluster.now(), Date.now());
        }
    });
});

describe("a right that is missing", () => {
    it("leaves the result undefined, and is named in the debug output", async () => {
        const refused = Object.assign(new Error("jobs is forbidden"), { code: 403 });
        const messages = await reportedDuring(async () => {
            assert.equal(await unlessForbidden("list jobs", () => Promise.reject(refused)), undefined);
        });
        assert.deepEqual(
            messages.map(({ text, severity }) => [text, severity]),
            [["Kubernetes: no right to list jobs: jobs is forbidden", 0]],
        );
    });

    it("is no other error", async () => {
        const broken = Object.assign(new Error("broken"), { code: 500 });
        await assert.rejects(
            unlessForbidden("list jobs", () => Promise.reject(broken)),
            { message: "broken" },
        );
    });
});

describe("an error of the API server", () => {
    for (const [what, error, said, code] of [
        [
            "the words of its answer",
            { code: 403, body: '{"message":"pods is\\n forbidden"}' },
            "pods is forbidden",
            403,
        ],
        ["the words of an answer that was read", { code: 404, body: { message: "not found" } }, "not found", 404],
        [
            "its own words where the answer has none",
            { code: 500, body: "<html>", message: "HTTP 500" },
            "HTTP 500",
            500,
        ],
        [
            "the words of a connection",
            Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
            "refused",
            undefined,
        ],
        [
            "its status where the client could not read the answer",
            {
                code: 403,
                message:
                    'HTTP-Code: 403\nMessage: Error occurred in log request\nBody: undefined\nHeaders: {"date":"now"}',
            },
            "HTTP 403: Error occurred in log request",
            403,
        ],
        ["the words of a watch", Object.assign(new Error("Gone"), { statusCode: 410 }), "Gone", 410],
        ["the thrown value itself", "boom", "boom", undefined],
    ] as const) {
        it(`is described by ${what}`, () => {
            assert.equal(formatClusterError(error), said);
            assert.equal(codeOf(error), code);
        });
    }
});
