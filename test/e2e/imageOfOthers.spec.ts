import assert from "node:assert/strict";
import { engineImage } from "../../components";
import { docker } from "./support/backends";
import { onlyOn } from "./support/columns";
import { TestSession, destroySessions, idle, inHome, small } from "./support/session";

const repo = `distributed-session-test/others-${process.pid}`;
const entrypoint = "/usr/local/bin/others-entrypoint";

/** Makes an image with a user, a home and an entrypoint of its own, as those of libraries have. */
async function createImage(): Promise<void> {
    const host = docker.site.docker;
    const script = `
useradd --uid 1234 --home-dir /home/other --create-home other
printf '#!/bin/sh\necho entrypoint of others\nexec "$@"\n' > ${entrypoint}
chmod +x ${entrypoint}`;
    const container = await host.createContainer({
        Image: engineImage,
        User: "root",
        Entrypoint: ["sh", "-c"],
        Cmd: [script],
    });
    await container.start();
    assert.equal((await container.wait()).StatusCode, 0);
    const changes = [
        "USER 1234",
        "WORKDIR /home/other",
        "ENV HOME=/home/other OTHERS=kept",
        `ENTRYPOINT ["${entrypoint}"]`,
    ];
    await container.commit({ repo, tag: "1", changes: changes.join("\n") });
    await container.remove();
}

/** Makes an image that is the default one but for its user, as one who builds on it may. */
async function createUnnamed(): Promise<void> {
    const container = await docker.site.docker.createContainer({ Image: engineImage });
    await container.commit({ repo, tag: "unnamed", changes: "USER 4711:0" });
    await container.remove();
}

onlyOn(docker, "an engine with an image of others", () => {
    const command = ["sh", "-c", 'id -u; pwd; echo "$HOME $OTHERS"; touch here 2>/dev/null && echo written'];
    let workers: { logs: string }[];

    before(async () => {
        await createImage();
        await createUnnamed();
        const given = { ...small, n: 1, image: `${repo}:1`, command };
        const session = await TestSession.create(docker, {
            master: idle,
            workers: { ...given, workingDir: "/tmp" },
            workerGroups: [
                { ...given, name: "plain" },
                { ...small, name: "unnamed", n: 1, image: `${repo}:unnamed`, command: inHome },
            ],
            wait: "completed",
            onWorkerFailure: "report",
        });
        await session.up();
        ({ workers } = await session.stack.outputs());
    });
    after(async () => {
        await destroySessions();
        for (const tag of ["1", "unnamed"]) {
            await docker.site.docker.getImage(`${repo}:${tag}`).remove();
        }
    });

    it("keeps its user, its home, its variables and its entrypoint, and starts where workingDir says", () => {
        const lines = ["entrypoint of others", "1234", "/tmp", "/home/other kept", "written", ""];
        assert.equal(workers[0]!.logs, lines.join("\n"));
    });

    it("starts in the folder of its image by default", () => {
        const lines = ["entrypoint of others", "1234", "/home/other", "/home/other kept", "written", ""];
        assert.equal(workers[1]!.logs, lines.join("\n"));
    });

    it("has a home and a name under any user number of group 0 where it builds on the default image", () => {
        assert.equal(workers[2]!.logs, "4711\n/home/cdsw cdsw written\n");
    });
});
