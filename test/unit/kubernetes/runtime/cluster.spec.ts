import assert from "node:assert/strict";
import * as path from "path";
import { codeOf, openCluster, formatClusterError } from "../../../../components/kubernetes/runtime/cluster";
import { folderWith, removeFolders } from "../../../helpers/folders";

/** A kubeconfig with two clusters, and the user's place on each. */
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

describe("the way to a cluster", () => {
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
        const { watch, namespace } = await openCluster(settings, "here");
        assert.equal(namespace, "here");
        return watch.config.getCurrentCluster()!.server;
    };

    it("is in the content of a kubeconfig", async () => {
        assert.equal(await serverOf({ kubeconfig: kubeconfig() }), "https://near:6443");
    });

    it("is in the file of a kubeconfig", async () => {
        assert.equal(await serverOf({ kubeconfig: fileWith(kubeconfig("far")) }), "https://far:6443");
    });

    it("is where KUBECONFIG says, where nothing else does", async () => {
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
        const { watch } = await openCluster(settings, "here");
        assert.equal(watch.config.getCurrentUser()!.token, "x");
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
        ["the words of a watch", Object.assign(new Error("Gone"), { statusCode: 410 }), "Gone", 410],
        ["whatever it is", "boom", "boom", undefined],
    ] as const) {
        it(`is told by ${what}`, () => {
            assert.equal(formatClusterError(error), said);
            assert.equal(codeOf(error), code);
        });
    }
});
