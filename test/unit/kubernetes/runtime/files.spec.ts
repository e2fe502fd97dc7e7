import assert from "node:assert/strict";
import { findFiles, markFiles } from "../../../../components/kubernetes/runtime/files";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";

function clusterWith(annotations: Record<string, string>): PlayedCluster {
    const played = new PlayedCluster();
    played.configMaps = [{ metadata: { name: "net-files", annotations } }];
    return played;
}

const token = { "distributed-session.generation": "g" };
const attended = { "distributed-session.attended": "true" };

describe("the ConfigMap with the project's files in the cluster", () => {
    it("has a token and a mark, and is only read", async () => {
        const played = clusterWith({ ...token, ...attended });
        assert.deepEqual(await findFiles(played.cluster, "net"), { token: "g", isAttended: true });
        assert.equal(played.count("patchConfigMap"), 0);
    });

    it("is not attended without a mark", async () => {
        assert.deepEqual(await findFiles(clusterWith(token).cluster, "net"), {
            token: "g",
            isAttended: false,
        });
    });

    it("counts as attended without the right to mark it, which is checked without a change", async () => {
        const played = clusterWith(token);
        played.refusals.patchConfigMap = refusal(403);
        assert.equal((await findFiles(played.cluster, "net"))!.isAttended, true);
        assert.equal(played.calls.at(-1)!.query.dryRun, "All");
    });

    it("is undefined if there is none", async () => {
        assert.equal(await findFiles(new PlayedCluster().cluster, "net"), undefined);
    });

    it("stays as it is without the right to read it", async () => {
        const played = clusterWith(token);
        played.refusals.readConfigMap = refusal(403);
        assert.deepEqual(await findFiles(played.cluster, "net"), { token: "", isAttended: true });
    });

    it("is an error where the cluster fails", async () => {
        const played = clusterWith(token);
        played.refusals.readConfigMap = refusal(500, "broken");
        await assert.rejects(findFiles(played.cluster, "net"), { message: "broken" });
    });

    it("is marked beside what Pulumi manages", async () => {
        const played = clusterWith(token);
        assert.equal(await markFiles(played.cluster, "net-files"), true);
        assert.deepEqual(played.calls.at(-1)!.query, {
            namespace: "here",
            name: "net-files",
            fieldManager: "distributed-session",
            body: [{ op: "add", path: "/metadata/annotations/distributed-session.attended", value: "true" }],
        });
    });

    it("cannot be marked where the cluster fails", async () => {
        const played = clusterWith(token);
        played.refusals.patchConfigMap = refusal(500, "broken");
        await assert.rejects(markFiles(played.cluster, "net-files"), { message: "broken" });
    });
});
