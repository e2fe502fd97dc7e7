import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { EnvSource } from "../../../../components";
import { readFrom } from "../../../../components/kubernetes/runtime/envSources";
import { planSession } from "../../../../components/model/plan";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";
import { inPreview, reportedDuring } from "../../../helpers/playedPulumi";
import { sessionArgs } from "../../../helpers/session";

/** The severity of a warning in Pulumi's protocol. */
const warning = 2;

describe("what engines take variables from", () => {
    let played: PlayedCluster;
    beforeEach(() => {
        played = new PlayedCluster();
        const data = { TOKEN: Buffer.from("hush").toString("base64"), USER: Buffer.from("jäger").toString("base64") };
        played.secrets = [{ metadata: { name: "token" }, data }, { metadata: { name: "empty" } }];
        played.configMaps = [{ metadata: { name: "settings" } }];
    });

    const read = (...envFrom: EnvSource[]) => {
        const plan = planSession("s", sessionArgs({ backend: "kubernetes", kubernetes: { envFrom } }), undefined);
        return readFrom(played.cluster, { plan, session: { urn: pulumi.output("urn:s") } as pulumi.Resource });
    };

    const warningsDuring = async (run: () => Promise<void>) => {
        const reported = await reportedDuring(run);
        return reported.filter(({ severity }) => severity === warning).map(({ text }) => text);
    };

    it("has the values of its Secrets as secrets, and none of its ConfigMaps", async () => {
        const names = [{ secretName: pulumi.output("token") }, { configMapName: "settings" }, { secretName: "empty" }];
        assert.deepEqual(await read(...names), ["hush", "jäger"]);
    });

    it("is an error where any of it does not exist, with all that is missing", async () => {
        const text = (kind: string, name: string) =>
            `the ${kind} "${name}" does not exist in this namespace; create it, or remove the entry. If this program creates it, give the session the resource's metadata.name`;
        await assert.rejects(read({ secretName: "a" }, { secretName: "token" }, { configMapName: "b" }), {
            message: [
                "The session in the namespace here of the cluster has 2 problems:",
                `  kubernetes.envFrom[0].secretName: ${text("Secret", "a")}`,
                `  kubernetes.envFrom[2].configMapName: ${text("ConfigMap", "b")}`,
            ].join("\n"),
        });
    });

    it("is shown where the program may not read the Secrets, with one warning", async () => {
        played.refusals.readSecret = refusal(403, "secrets is forbidden");
        let secrets: string[] | undefined;
        const warnings = await warningsDuring(async () => {
            secrets = await read({ secretName: "a" }, { secretName: "b" });
        });
        assert.deepEqual(secrets, []);
        assert.deepEqual(warnings, [
            "What engines print is shown with the values of the Secrets a, b: to hide them, the program needs the right to get Secrets in the session's namespace.",
        ]);
    });

    it("may be ConfigMaps that the program may not read, without a warning", async () => {
        played.refusals.readConfigMap = refusal(403, "configmaps is forbidden");
        const warnings = await warningsDuring(async () => {
            assert.deepEqual(await read({ configMapName: "settings" }), []);
        });
        assert.deepEqual(warnings, []);
    });

    it("may be missing in a preview where this program may be about to create it, and only there", async () => {
        const created = { secretName: pulumi.output("a") };
        await inPreview(async () => {
            assert.deepEqual(await read(created), []);
            await assert.rejects(read({ secretName: "a" }), /the Secret "a" does not exist/);
        });
        await assert.rejects(read(created), /the Secret "a" does not exist/);
    });

    it("is an error in the cluster's words where it cannot be read", async () => {
        played.refusals.readSecret = refusal(500, "etcd is away");
        const message = "Cannot read what kubernetes.envFrom names: etcd is away.";
        await assert.rejects(read({ secretName: "token" }), { message });
    });
});
