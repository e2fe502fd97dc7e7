import { execFileSync } from "child_process";
import assert from "node:assert/strict";
import { docker, kubernetes } from "./support/backends";
import { onBothBackends, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";
import { Stack } from "./support/stack";

const good = { master: serve, workers: { ...ask, n: 1 }, wait: "completed" };

onlyOn(kubernetes, "an engine whose image is missing", function (backend) {
    afterEach(destroySessions);

    it("ends up with the name of the image, and the next up repairs it", async () => {
        const image = "localhost:1/no-such:1";
        const session = await TestSession.create(backend, { ...good, master: { ...serve, image } });
        const run = await session.failToComeUp();
        assert.match(run.output, /localhost:1\/no-such:1/);
        session.configure(good);
        await session.up();
    });
});

onBothBackends("engines that cannot be started", function (backend) {
    afterEach(destroySessions);

    it("end up with the words of the machine when there is no such command, and the next up repairs it", async () => {
        const session = await TestSession.create(backend, {
            ...good,
            wait: "running",
            workers: { ...idle, n: 2, command: ["/no/such/program"] },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /no such file|not found|exit code 127/i);
        session.configure({ ...good, wait: "running", workers: { ...idle, n: 2 } });
        await session.up();
        await session.assertAtRest();
    });
});

onlyOn(docker, "surroundings that do not fit", function (backend) {
    let session: TestSession;
    let cleanUp = (): Promise<unknown> => Promise.resolve();
    before(async () => {
        session = await TestSession.create(backend, good);
    });
    afterEach(async () => {
        await cleanUp();
        cleanUp = () => Promise.resolve();
    });
    after(destroySessions);

    /** The session of all these tests fails with that text, and makes nothing. */
    async function failsCleanly(config: Record<string, unknown>, text: RegExp): Promise<void> {
        session.configure(config);
        const run = await session.failToComeUp();
        assert.match(run.output, text);
        assert.deepEqual(await session.leftovers(), []);
    }

    it("name a daemon that cannot be reached, and the remedy", async () => {
        const stack = await Stack.create(good);
        stack.environment.DOCKER_HOST = "tcp://127.0.0.1:1";
        for (const run of [await stack.up(), await stack.preview()]) {
            assert.notEqual(run.exitCode, 0);
            assert.match(run.output, /The Docker daemon at tcp:\/\/127\.0\.0\.1:1 cannot be reached .*set DOCKER_HOST/);
        }
        await stack.remove();
    });

    it("name the cores and the memory that the host has", () =>
        failsCleanly(
            { ...good, master: { ...serve, cpu: 1000 }, workers: { ...ask, n: 1, memory: 100_000 } },
            /master\.cpu: 1000 is more than the \d+ cores of the host\n *workers\.memory: 100000 \(100000 GiB\) is more than the [\d.]+ GiB of the host/,
        ));

    it("name an image that there is not", () =>
        failsCleanly(
            { ...good, master: { ...serve, image: "localhost:1/no-such:1" } },
            /master\.image: "localhost:1\/no-such:1" is not on the Docker host and cannot be pulled/,
        ));

    it("name the program that an image lacks", async () => {
        const empty = emptyImage();
        cleanUp = () => backend.site.docker.getImage(empty).remove({ force: true });
        await failsCleanly(
            { ...good, master: { ...serve, image: empty } },
            /master\.image: "distributed-session-test-empty:latest" has no python3 in its PATH/,
        );
    });

    it("name the network that has the subnet, and the setting", async () => {
        const network = await backend.site.docker.createNetwork({
            Name: "distributed-session-test",
            IPAM: { Driver: "default", Config: [{ Subnet: "10.232.8.0/24" }] },
        });
        cleanUp = () => network.remove();
        await failsCleanly(
            { ...good, docker: { subnet: "10.232.0.0/20" } },
            /docker\.subnet: "10\.232\.0\.0\/20" overlaps the network "distributed-session-test" \(10\.232\.8\.0\/24\)/,
        );
    });

    it("are no obstacle once they fit: the next up comes up", async () => {
        session.configure(good);
        await session.up();
    });
});

/** An image with nothing in it but a file. */
function emptyImage(): string {
    const name = "distributed-session-test-empty:latest";
    execFileSync("sh", ["-c", `tar -c -C /etc hostname | docker import - ${name}`]);
    return name;
}
