import type { Docker } from "../../dockerode";
import { withRetry } from "../retry";

/**
 * Fills the volumes of a container whose root is read-only. Only one whose root can be written takes an archive with the topmost folder of a
 * volume: another container with the same volumes, which never starts. It has the labels of the first, so that it is a leftover where the
 * program is killed meanwhile.
 */
export async function fill(docker: Docker, id: string, archive: Buffer): Promise<void> {
    const { Image, Config } = await withRetry(() => docker.getContainer(id).inspect());
    const { Labels } = Config;
    const carrier = await docker.createContainer({ Image, Labels, Cmd: ["true"], HostConfig: { VolumesFrom: [id] } });
    try {
        await withRetry(() => carrier.putArchive(archive, { path: "/" }));
    } finally {
        await carrier.remove({ force: true });
    }
}
