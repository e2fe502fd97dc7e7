import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Registered } from "../../helpers/deploy";
import { PartialArgs, deploySession } from "../../helpers/session";

const size = fc.record(
    { cpu: fc.constantFrom(0.1, 1, 2.5), memory: fc.constantFrom(0.25, 1), nvidiaGpu: fc.nat(3) },
    { requiredKeys: [] },
);
const env = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string({ maxLength: 5 }), { maxKeys: 3 });

/** Sessions that are fine, of many kinds. */
const sessions: fc.Arbitrary<{ args: PartialArgs; n: number }> = fc
    .record({
        n: fc.nat(4),
        master: size,
        workers: size,
        env,
        ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
        wait: fc.constantFrom("none" as const, "running" as const, "completed" as const),
        subnet: fc.constantFrom(undefined, "10.77.0.0/28", "192.168.0.0/16"),
        published: fc.boolean(),
    })
    .map(({ n, master, workers, env, ports, wait, subnet, published }) => ({
        n,
        args: {
            wait,
            master: { ...master, ports },
            workers: { ...workers, env },
            docker: { subnet },
            publish: published ? ports.map((port) => ({ port })) : undefined,
        },
    }));

describe("a resize of a session", () => {
    it("by one more worker changes no other child in any way", async () => {
        const children = async (args: PartialArgs, n: number, preview: boolean): Promise<Map<string, Registered>> => {
            const { resources } = await deploySession({ ...args, workers: { ...args.workers, n } }, { preview });
            // The session itself has its arguments as inputs, and the uid of each run on mocks is another one.
            const others = resources.filter(({ name }) => !["s", "s-uid"].includes(name));
            return new Map(others.map((resource) => [resource.name, resource]));
        };
        const property = fc.asyncProperty(sessions, fc.boolean(), async ({ args, n }, preview) => {
            const before = await children(args, n, preview);
            const after = await children(args, n + 1, preview);
            assert.ok(after.delete(`s-worker-${n + 1}`));
            assert.deepEqual(after, before);
        });
        await fc.assert(property, { numRuns: 30 });
    }).timeout(90_000);
});
