import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { dockerBackend } from "../../../components/docker/backend";
import { kubernetesBackend } from "../../../components/kubernetes/backend";
import { MissingOutput } from "../../../components/observing/missingOutput";
import { refusal } from "../../helpers/playedCluster";
import { reportedDuring } from "../../helpers/playedPulumi";

const [debug, warning] = [0, 2];

describe("output that cannot be followed", () => {
    const session = undefined as unknown as pulumi.Resource;

    async function reported(explain: (error: unknown) => string, error: unknown) {
        const reported = await reportedDuring(() => {
            const missing = new MissingOutput(session, explain);
            ["s-master", "s-worker-1"].forEach((engine) => missing.report(engine, error));
        });
        const of = (wanted: number) => reported.filter(({ severity }) => severity === wanted).map(({ text }) => text);
        return { warnings: of(warning), debugged: of(debug) };
    }

    it("is one warning a session where the right to it is missing on a cluster", async () => {
        const { warnings } = await reported(kubernetesBackend.explain, refusal(403, "pods/log is forbidden"));
        assert.deepEqual(warnings, [
            "What the engines print is not shown: Cannot read from the cluster: pods/log is forbidden. " +
                "A session needs the rights to get, list and watch pods, and to get pods/log, in its namespace.",
        ]);
    });

    it("is one warning a session where the log driver of the host cannot be read", async () => {
        const error = Object.assign(new Error("no"), { json: { message: "logging driver does not support reading" } });
        const { warnings } = await reported(dockerBackend.explain, error);
        assert.equal(warnings.length, 1);
        assert.match(warnings[0]!, /^What the engines print is not shown: .*does not support reading/);
    });

    it("is debug output for each engine", async () => {
        const { debugged } = await reported(() => "broken", new Error());
        assert.deepEqual(debugged, [
            "The output of s-master cannot be followed: broken",
            "The output of s-worker-1 cannot be followed: broken",
        ]);
    });
});
