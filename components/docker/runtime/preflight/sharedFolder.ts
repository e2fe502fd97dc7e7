import type { Docker } from "../../dockerode";
import * as fs from "fs";
import { Problem, show } from "../../../model/errors";
import { unlessGone } from "../retry";

/** What a user has named for the shared folder of a session. */
export interface NamedVolume {
    volume?: string;
    hostPath?: string;
}

/** Whether there is no such folder. One that this program may not look into is the daemon's to judge. */
function isNoFolder(hostPath: string): boolean {
    try {
        return !fs.statSync(hostPath).isDirectory();
    } catch (error) {
        return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code!);
    }
}

/** A volume that the host lacks: Docker would create it, and it would stay. A folder is known only where the daemon is on this machine. */
export async function sharedProblems(
    docker: Docker,
    { volume, hostPath }: NamedVolume,
    isLocal: boolean,
): Promise<Problem[]> {
    if (volume !== undefined && (await unlessGone(() => docker.getVolume(volume).inspect())) === undefined) {
        const reason = `${show(volume)} is no volume of the Docker host; create it (docker volume create ${volume}), or leave it out for a volume of the session's own`;
        return [{ path: "shared.volume", reason }];
    }
    if (hostPath !== undefined && isLocal && isNoFolder(hostPath)) {
        const reason = `${show(hostPath)} is no folder of the Docker host; create it, and let the user of the engines write in it`;
        return [{ path: "shared.hostPath", reason }];
    }
    return [];
}
