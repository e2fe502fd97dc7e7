import type { Docker } from "../../dockerode";
import * as fs from "fs";
import { Problem, show } from "../../../model/errors";
import { Mount } from "../../../mounts";
import { unlessGone } from "../retry";

/** What a user has named for engines to mount. */
export interface NamedMount extends Pick<Mount, "place" | "index" | "hostPath" | "readOnly"> {
    volume?: string;
}

/** Whether there is no such folder. One that this program may not look into is the daemon's to judge. */
function isNoFolder(hostPath: string): boolean {
    try {
        return !fs.statSync(hostPath).isDirectory();
    } catch (error) {
        return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code!);
    }
}

/** Volumes that the host lacks: Docker would create them, and they would stay. A folder is known only where the daemon is on this machine. */
export async function mountProblems(
    docker: Docker,
    mounts: readonly NamedMount[],
    isLocal: boolean,
): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const { place, index, volume, hostPath, readOnly } of mounts) {
        if (volume !== undefined && (await unlessGone(() => docker.getVolume(volume).inspect())) === undefined) {
            const other =
                index === undefined ? "leave it out for a volume of the session's own" : "name one that is there";
            const reason = `${show(volume)} is no volume of the Docker host; create it (docker volume create ${volume}), or ${other}`;
            problems.push({ path: `${place}.volume`, reason });
        }
        if (hostPath !== undefined && isLocal && isNoFolder(hostPath)) {
            const use = readOnly ? "read" : "write in";
            const reason = `${show(hostPath)} is no folder of the Docker host; create it, and let the user of the engines ${use} it`;
            problems.push({ path: `${place}.hostPath`, reason });
        }
    }
    return problems;
}
