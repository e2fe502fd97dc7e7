import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Registered } from "../../../helpers/deploy";
import { PartialArgs, deployOnCluster } from "../../../helpers/session";

const size = fc.record(
    { cpu: fc.constantFrom(0.1, 1, 2.5), memory: fc.constantFrom(0.25, 1), nvidiaGpu: fc.nat(3) },
    { requiredKeys: [] },
);

/** Sessions that are fine, of many kinds. */
const sessions: fc.Arbitrary<{ args: PartialArgs; n: number }> = fc
    .record({
        n: fc.nat(4),
        master: size,
        workers: size,
        env: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string({ maxLength: 5 }), { maxKeys: 3 }),
        ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
        wait: fc.constantFrom("none" as const, "running" as const, "completed" as const),
        later: fc.boolean(),
        egress: fc.constantFrom("open" as const, "closed" as const),
        kubernetes: fc.record(
            {
                createNamespace: fc.boolean(),
                workerPods: fc.constant({ runAsUser: 1000 }),
            },
            { requiredKeys: [] },
        ),
    })
    .map(({ n, master, workers, env, ports, wait, later, egress, kubernetes }) => ({
        n,
        args: {
            wait,
            egress,
            master: { ...master, ports },
            workers: { ...workers, env: later ? Promise.resolve(env) : env },
            kubernetes,
        },
    }));

describe("a resize of a session on Kubernetes", () => {
    const children = async (args: PartialArgs, n: number, preview: boolean): Promise<Map<string, Registered>> => {
        const { resources } = await deployOnCluster({ ...args, workers: { ...args.workers, n } }, { preview });
        // The session itself has its arguments as inputs.
        const others = resources.filter(({ type }) => type.startsWith("kubernetes:"));
        return new Map(others.map((resource) => [resource.urn, resource]));
    };
    const withoutWorker = (all: Map<string, Registered>, n: number) =>
        new Map([...all].filter(([urn]) => !urn.endsWith(`::s-worker-${n}`)));

    it("by one more worker changes no other child in any way", async () => {
        const property = fc.asyncProperty(sessions, fc.boolean(), async ({ args, n }, preview) => {
            const before = await children(args, n, preview);
            const after = await children(args, n + 1, preview);
            // The Secret of the workers comes with the first of them.
            const hasNewSecret = n === 0 && args.workers!.env instanceof Promise;
            assert.equal(after.size, before.size + (hasNewSecret ? 2 : 1));
            const rest = [...withoutWorker(after, n + 1)].filter(
                ([urn]) => !(hasNewSecret && urn.endsWith("::s-worker-env")),
            );
            assert.deepEqual(new Map(rest), before);
        });
        await fc.assert(property, { numRuns: 30 });
    }).timeout(90_000);
});
