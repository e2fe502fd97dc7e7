import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { EngineSpec } from "../../../components";
import { deploySession, find, environmentIn } from "../../helpers/session";

/** A value that is there only later, as from another resource. */
function later(value: unknown): any {
    return pulumi.output(Promise.resolve(value));
}

describe("a value that comes later", () => {
    const cores = "a number of cores from 0.01 to 10000";
    const table: [keyof EngineSpec, unknown, string][] = [
        ["cpu", 0, `workers.cpu: 0 is not ${cores}`],
        ["cpu", "2", `workers.cpu: "2" is not ${cores}`],
        ["cpu", undefined, `workers.cpu: undefined is not ${cores}`],
        ["memory", 0.001, "workers.memory: 0.001 is not a number of GiB from 6/1024 (6 MiB) to 1000000"],
        ["image", "", 'workers.image: "" is not an image reference, such as "python:3.12"'],
        ["image", null, 'workers.image: null is not an image reference, such as "python:3.12"'],
        ["command", [], "workers.command: [] is not a list with a program and its arguments"],
        ["command", ["a", ""], 'workers.command[1]: "" is not a non-empty string'],
        ["env", { RANK: "1" }, 'workers.env.RANK: "RANK" is set by the session itself; choose another name'],
        ["env", { A: 1 }, "workers.env.A: 1 is not a string; quote it"],
    ];
    for (const [property, value, problem] of table) {
        it(`is reported as "${problem}" where it is wrong`, async () => {
            await assert.rejects(deploySession({ workers: { [property]: later(value) } }), {
                message: `DistributedSession "s" has 1 problem:\n  ${problem}`,
            });
        });
    }

    it("is checked where it is code", async () => {
        await assert.rejects(deploySession({ master: { command: undefined, code: later(" ") } }), {
            message: 'DistributedSession "s" has 1 problem:\n  master.code: " " is not a non-empty string',
        });
    });

    it("is checked where it is code in R", async () => {
        const code = later("x".repeat(9001));
        await assert.rejects(deploySession({ master: { command: undefined, code, kernel: "r" } }), {
            message: /master\.code: has 9001 bytes, and Rscript takes at most 9000/,
        });
    });

    it("is checked where it is a promise", async () => {
        await assert.rejects(deploySession({ master: { cpu: Promise.resolve(0) } }), {
            message: `DistributedSession "s" has 1 problem:\n  master.cpu: 0 is not ${cores}`,
        });
    });

    it("reaches the engine where it is fine", async () => {
        const deployment = await deploySession({
            workers: {
                n: 1,
                image: later("mine"),
                command: later(["a", "b"]),
                env: later({ A: "1" }),
                cpu: later(2),
                memory: later(0.5),
            },
        });
        const worker = find(deployment, "s-worker-1");
        const { image, command, cpuQuota, memory } = worker.inputs;
        assert.deepEqual([image, command, cpuQuota, memory], ["mine", ["a", "b"], 200_000, 512]);
        const { A, OMP_NUM_THREADS, CDSW_MEMORY_MB } = environmentIn(worker);
        assert.deepEqual([A, OMP_NUM_THREADS, CDSW_MEMORY_MB], ["1", "2", "512"]);
    });

    it("reaches the engine also from within an environment and a command", async () => {
        const deployment = await deploySession({
            workers: { n: 1, env: { A: later("1") }, command: ["a", later("b")] },
        });
        const worker = find(deployment, "s-worker-1");
        assert.equal(environmentIn(worker).A, "1");
        assert.deepEqual(worker.inputs.command, ["a", "b"]);
    });

    it("is checked within an environment", async () => {
        await assert.rejects(deploySession({ workers: { env: { A: later(1) } } }), {
            message: 'DistributedSession "s" has 1 problem:\n  workers.env.A: 1 is not a string; quote it',
        });
    });

    it("is checked within a command", async () => {
        await assert.rejects(deploySession({ workers: { command: ["a", later("")] } }), {
            message: 'DistributedSession "s" has 1 problem:\n  workers.command[1]: "" is not a non-empty string',
        });
    });

    it("is refused where only a plain one will do", async () => {
        for (const changes of [
            { wait: later("none") },
            { master: { ports: later([6000]) } },
            { workers: { nvidiaGpu: later(1) } },
            { workers: { restart: later({ attempts: 1 }) } },
            { workers: { restart: { attempts: later(1) } } },
            { timeoutSeconds: later(1) },
        ]) {
            await assert.rejects(deploySession(changes), pulumi.ResourceError);
        }
    });

    it("keeps a secret a secret", async () => {
        const deployment = await deploySession({ workers: { n: 1, env: { TOKEN: pulumi.secret("hush") } } });
        const secretMark = "4dabf18193072939515e22adb298388d";
        const secrets = (name: string) =>
            find(deployment, name)
                .inputs.envs.filter((line: unknown) => typeof line === "object" && secretMark in line!)
                .map(({ value }: any) => value);
        assert.deepEqual(secrets("s-worker-1"), ["TOKEN=hush"]);
        assert.deepEqual(secrets("s-master"), []);
    });
});
