import type { Docker } from "../../dockerode";
import { withRetry } from "../retry";

/**
 * Fills the volumes of a container whose root is read-only, and starts it. A container that was started has its files. Only one whose root can
 * be written takes an archive with the topmost folder of a volume: another container with the same volumes, which never starts. It has the
 * labels of the first, so that it is a leftover where the program is killed meanwhile.
 */
export async function fillAndStart(docker: Docker, id: string, archive: () => Promise<Buffer>): Promise<void> {
    const container = docker.getContainer(id);
    const { Image, Config, State } = await withRetry(() => container.inspect());
    if (State.Status !== "created") {
        return;
    }
    const bytes = await archive();
    const { Labels } = Config;
    const carrier = await docker.createContainer({ Image, Labels, Cmd: ["true"], HostConfig: { VolumesFrom: [id] } });
    try {
        await withRetry(() => carrier.putArchive(bytes, { path: "/" }));
    } finally {
        await carrier.remove({ force: true });
    }
    await container.start();
}
