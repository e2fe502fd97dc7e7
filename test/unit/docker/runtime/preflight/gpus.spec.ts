import type Docker from "dockerode";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as fs from "fs";
import * as path from "path";
import { gpuProblems, warnOfSharedGpus } from "../../../../../components/docker/runtime/preflight/gpus";
import { identityOf, label } from "../../../../../components/model/labels";
import { planSession } from "../../../../../components/model/plan";
import { folderWith, removeFolders } from "../../../../helpers/folders";
import { sessionArgs } from "../../../../helpers/session";

const host = { NCPU: 1, MemTotal: 0, SystemTime: "" };

function planWith(master: number, worker: number) {
    const args = sessionArgs({ master: { nvidiaGpu: master }, workers: { n: 2, nvidiaGpu: worker } });
    return planSession("s", args, undefined);
}

describe("the GPUs of a Docker host", () => {
    const before = { ...process.env };
    afterEach(() => {
        Object.assign(process.env, before);
        removeFolders();
    });

    const found = (...names: string[]) => ({
        ...host,
        DiscoveredDevices: names.map((name) => ({ ID: `nvidia.com/gpu=${name}` })),
    });

    it("are too few where the daemon has found fewer than the engines need together", async () => {
        const two = found("0", "1", "GPU-0a", "all");
        assert.deepEqual(await gpuProblems(planWith(1, 1), two, false), [
            { path: "workers.nvidiaGpu", reason: "the engines need 3 GPUs together, more than the 2 of the host" },
        ]);
        assert.deepEqual(await gpuProblems(planWith(0, 1), two, false), []);
        assert.equal((await gpuProblems(planWith(3, 0), two, false))[0]!.path, "master.nvidiaGpu");
    });

    it("are counted by nvidia-smi where the daemon is on this machine", async () => {
        const program =
            "#!/bin/sh\n[ \"$1\" = --list-gpus ] && printf 'GPU 0: A\\n  MIG 1g Device 0: B\\nGPU 1: A\\n'\n";
        const folder = folderWith({ "nvidia-smi": program });
        fs.chmodSync(path.join(folder, "nvidia-smi"), 0o755);
        process.env.PATH = `${folder}:${before.PATH}`;
        assert.match((await gpuProblems(planWith(1, 1), host, true))[0]!.reason, /more than the 2 of the host/);
        assert.deepEqual(await gpuProblems(planWith(1, 1), host, false), []);
    });

    it("are no problem where their number is unknown", async () => {
        process.env.PATH = folderWith();
        assert.deepEqual(await gpuProblems(planWith(1, 1), { ...host, DiscoveredDevices: [] }, true), []);
    });

    const warnings: string[] = [];
    beforeEach(() => {
        warnings.length = 0;
        mock.method(pulumi.log, "warn", (text: string) => Promise.resolve(void warnings.push(text)));
    });
    afterEach(() => mock.restoreAll());

    it("are not shared with an engine that the daemon lists and does not know", async () => {
        const unknown = Object.assign(new Error("no such container"), { statusCode: 404 });
        const docker = {
            listContainers: () => Promise.resolve([{ Id: "a", Labels: { [label.session]: "p/s/other" } }]),
            getContainer: () => ({ inspect: () => Promise.reject(unknown) }),
        } as unknown as Docker;
        await warnOfSharedGpus(docker, planWith(1, 1), { name: identityOf("s") }, {} as pulumi.Resource);
        assert.deepEqual(warnings, []);
    });

    for (const [what, session, ids, expected] of [
        ["another session that has one of them", "p/s/other", ["1"], ["p/s/other"]],
        ["another session that has others", "p/s/other", ["3"], []],
        ["its own engines", identityOf("s"), ["0"], []],
    ] as const) {
        it(`are ${expected.length ? "reported as shared" : "not shared"} with ${what}`, async () => {
            const docker = {
                listContainers: () => Promise.resolve([{ Id: "a", Labels: { [label.session]: session } }]),
                getContainer: () => ({
                    inspect: () => Promise.resolve({ HostConfig: { DeviceRequests: [{ DeviceIDs: ids }] } }),
                }),
            } as unknown as Docker;
            await warnOfSharedGpus(docker, planWith(1, 1), { name: identityOf("s") }, {} as pulumi.Resource);
            assert.deepEqual(
                warnings,
                expected.map(
                    (other) =>
                        `The session shares GPUs of the Docker host with ${other}: each session uses the GPUs from number 0 on.`,
                ),
            );
        });
    }
});
