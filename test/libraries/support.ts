import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { libraryImages } from "../../components/libraries/images";
import { ImageLibrary, ensureLibraryImage } from "../../toolchain/libraryImage";
import { TestBackend, docker } from "../e2e/support/backends";
import { whyNoImage } from "../e2e/support/kubeconfig";
import { TestSession } from "../e2e/support/session";
import { skip } from "../e2e/support/skipping";
import { toolEnvironment } from "../e2e/support/stack";

/** Building an image may take long. */
const buildingMs = 10 * 60_000;
/** Others run beside it, and libraries start slowly. */
const hangingMs = 10 * 60_000;

/** Declares tests of a library: with its image, if it has one of its own. */
export function describeLibrary(
    title: string,
    library: ImageLibrary | undefined,
    tests: () => void,
    backend: TestBackend = docker,
): void {
    describe(`${title} on ${backend.title}`, function () {
        this.timeout(hangingMs);
        before(async function () {
            this.timeout(buildingMs);
            const env = await toolEnvironment();
            if (library !== undefined) {
                await ensureLibraryImage(library, env);
            }
            const reason = (await backend.whyNot()) ?? (await whyNoLibrary(library, backend));
            if (reason !== undefined) {
                skip(this, reason);
            }
        });
        tests();
    });
}

/** Why the image of a library cannot be brought to where the backend runs engines. */
async function whyNoLibrary(library: ImageLibrary | undefined, backend: TestBackend): Promise<string | undefined> {
    return library === undefined || backend === docker ? undefined : whyNoImage(libraryImages[library]);
}

/** A cluster of a library: a stack of this project's program. */
export function createCluster(
    library: string,
    config: Record<string, unknown>,
    backend: TestBackend = docker,
): Promise<TestSession> {
    // Ports of the host are taken by others that run beside it.
    const unpublished = backend === docker ? { publish: [] } : {};
    return TestSession.create(backend, { library, ...unpublished, ...config });
}

/** What a Python program prints in the master. */
export async function python(cluster: TestSession, program: string): Promise<string> {
    const { text, exitCode } = await cluster.exec("master", "python3", "-W", "ignore", "-c", program);
    if (exitCode !== 0) {
        throw new Error(text);
    }
    return text.trim();
}

/** Kills the processes of the master whose command has this text. The engine may end with them, and this program with it. */
export async function killProgram(cluster: TestSession, text: string): Promise<void> {
    const program = `
import os, signal
found = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        command = open(f"/proc/{pid}/cmdline").read().replace("\\0", " ")
    except OSError:
        continue
    if ${JSON.stringify(text)} in command and int(pid) not in (1, os.getpid()) and "tini" not in command:
        found.append(int(pid))
print(len(found), flush=True)
for pid in found:
    os.kill(pid, signal.SIGKILL)`;
    const { text: printed } = await cluster.exec("master", "python3", "-c", program);
    if (!/^[1-9]/.test(printed)) {
        throw new Error(`nothing to kill has ${text} in its command: ${printed}`);
    }
}

/** Asserts that a job of a cluster, whose script ends with the number in the file \`code\` of its project, ends the session so: with 0, and then with 3. */
export async function assertJobEndsSession(cluster: TestSession, project: string, printed: RegExp[]): Promise<string> {
    const { output } = await cluster.up();
    printed.forEach((line) => assert.match(output, line));
    const { master, workers } = await cluster.stack.outputs();
    assert.deepEqual([master.status, master.exitCode], ["succeeded", 0]);
    assert.deepEqual(
        workers.map(({ status }: { status: string }) => status),
        ["stopped", "stopped"],
    );
    await cluster.assertAtRest();

    fs.writeFileSync(path.join(project, "code"), "3");
    assert.match((await cluster.failToComeUp()).output, /master .*exit code 3/);
    return output;
}
