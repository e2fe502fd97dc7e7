import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { MissingOutput } from "../../../../components/kubernetes/runtime/podOutput";
import { refusal } from "../../../helpers/playedCluster";
import { toldDuring } from "../../../helpers/pulumiEngine";

const [debug, warning] = [0, 2];

describe("output that cannot be followed", () => {
    const session = undefined as unknown as pulumi.Resource;

    it("is one warning a session where the right to it is missing", async () => {
        const messages = await toldDuring(() => {
            const missing = new MissingOutput(session);
            ["s-master", "s-worker-1"].forEach((engine) =>
                missing.report(engine, refusal(403, "pods/log is forbidden")),
            );
        });
        const text =
            "The output of the engines is not shown: pods/log is forbidden. Grant the right to get pods/log in the session's namespace.";
        assert.deepEqual(
            messages.filter(({ severity }) => severity === warning).map((each) => each.text),
            [text],
        );
    });

    it("is debug output for each engine, whatever the reason", async () => {
        const messages = await toldDuring(() =>
            new MissingOutput(session).report("s-worker-1", refusal(500, "broken")),
        );
        assert.deepEqual(
            messages.map((each) => [each.text, each.severity]),
            [["Kubernetes: the output of s-worker-1 cannot be followed: broken", debug]],
        );
    });
});
