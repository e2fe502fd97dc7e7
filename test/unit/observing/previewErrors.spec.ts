import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Backend } from "../../../components/backend";
import { planSession } from "../../../components/model/plan";
import { observerOf } from "../../../components/observing/observers";
import { Runtime } from "../../../components/observing/runtime";
import { pause } from "../../../components/observing/time";
import { inPreview } from "../../helpers/playedPulumi";
import { createdEngines } from "../../helpers/engines";
import { sessionArgs } from "../../helpers/session";

const env = { TOKEN: pulumi.secret("hunter2hunter2") };
const session = {} as pulumi.Resource;

/** Previews a session whose place fails at one request, with an error that quotes a secret. */
function previewFailingAt(request: "connect" | "foresee" | "inspect"): Promise<void> {
    const fail = () => {
        throw new Error("no hunter2hunter2 here");
    };
    const found = { findings: {}, secrets: [], foresee: () => undefined, [request]: fail };
    const runtime = found as unknown as Runtime;
    const backend = {
        connect: () => pause(0).then(() => (request === "connect" ? fail() : runtime)),
        explain: (error: Error) => `Cannot reach it: ${error.message}.`,
    } as unknown as Backend<any, any>;
    const plan = planSession("s", sessionArgs({ master: { env } }));
    const [master, ...workers] = createdEngines({ master: { env } });
    return inPreview(async () => {
        const observer = observerOf(backend, { plan, session });
        await observer.inspect({});
        await observer.attend([master!, ...workers]);
        await observer.untilSettled(master!, workers);
    });
}

describe("an error of a preview", () => {
    for (const request of ["connect", "foresee", "inspect"] as const) {
        it(`has no secret of the session, where it comes of ${request}`, async () => {
            await assert.rejects(previewFailingAt(request), { message: "Cannot reach it: no [secret] here." });
        });
    }
});
