import assert from "node:assert/strict";
import { Deployment } from "../../helpers/deploy";
import { deploySession, find } from "../../helpers/session";

const pool = { workers: { n: 2, command: undefined } };
const stash = "pulumi:index:Stash";

/** The value of the key in the environment of a container. */
function keyIn(deployment: Deployment, name: string): string | undefined {
    const { envs } = find(deployment, name).inputs;
    return (envs as any[]).map((line) => /^CDSW_SESSION_KEY=(.*)$/.exec(line.value ?? line)?.[1]).find(Boolean);
}

describe("a session with a pool", () => {
    it("keeps a random key in the state, as a secret that no later one replaces", async () => {
        const [one, other] = [await deploySession(pool), await deploySession(pool)];
        const key = find(one, "s-key", stash);
        assert.match(key.inputs.input.value ?? key.inputs.input, /^[0-9a-f]{64}$/);
        assert.notDeepEqual(key.inputs.input, find(other, "s-key", stash).inputs.input);
        assert.deepEqual(key.ignoreChanges, ["input"]);
    });

    it("has no key where workers have a program", async () => {
        const { resources } = await deploySession();
        assert.equal(
            resources.some(({ name }) => name === "s-key"),
            false,
        );
    });

    it("gives all engines on Docker the key that the state keeps", async () => {
        const deployment = await deploySession(pool, {
            computed: ({ type }) => (type === stash ? { output: "kept" } : {}),
        });
        for (const name of ["s-master", "s-worker-1", "s-worker-2"]) {
            assert.equal(keyIn(deployment, name), "kept");
        }
    });

    it("gives them the new key on mocks that compute nothing", async () => {
        const deployment = await deploySession(pool);
        assert.match(keyIn(deployment, "s-master")!, /^[0-9a-f]{64}$/);
        assert.equal(keyIn(deployment, "s-worker-1"), keyIn(deployment, "s-master"));
    });

    it("keeps the key in Secrets on a cluster, and asks there for the launcher's port alone", async () => {
        const deployment = await deploySession({ ...pool, backend: "kubernetes" });
        for (const [name, secret] of [
            ["s-master", "s-master-env"],
            ["s-worker-1", "s-worker-env"],
        ] as const) {
            const { env } = find(deployment, name).inputs.spec.containers[0];
            const key = env.find((each: any) => each.name === "CDSW_SESSION_KEY");
            assert.equal(key.value, undefined);
            assert.equal(key.valueFrom.secretKeyRef.key, "CDSW_SESSION_KEY");
            assert.match(JSON.stringify(find(deployment, secret).inputs.stringData), /"CDSW_SESSION_KEY"/);
        }
        const [container] = find(deployment, "s-master").inputs.spec.containers;
        assert.deepEqual(container.ports, [{ containerPort: 6000, protocol: "TCP" }]);
        const script = container.startupProbe.exec.command.at(-1);
        // 8099 and 6000, as the kernel writes them.
        assert.match(script, /1FA3/);
        assert.doesNotMatch(script, /1770/);
    });
});
