import assert from "node:assert/strict";
import { engineImage } from "../../../components";
import { TestBackend, docker, kubernetes } from "./backends";
import { ClusterVolume } from "./clusterVolume";

/** A volume that is a user's, and not a session's. */
export interface UserVolume {
    /** The arguments that name it. */
    source: { volume: string } | { claimName: string };
    /** Runs a script in it, as root. */
    shell: (script: string) => Promise<void>;
    /** Fails where it is gone. */
    remove: () => Promise<void>;
}

/** Creates a volume of the Docker host, or a claim of the cluster. */
export function createUserVolume(backend: TestBackend): Promise<UserVolume> {
    return backend === docker ? createOnHost() : createOnCluster();
}

async function createOnHost(): Promise<UserVolume> {
    const host = docker.site.docker;
    const volume = `distributed-session-test-${Date.now()}`;
    await host.createVolume({ Name: volume });
    return {
        source: { volume },
        shell: async (script) => {
            const container = await host.createContainer({
                Image: engineImage,
                User: "root",
                WorkingDir: "/data",
                Cmd: ["sh", "-c", script],
                HostConfig: { Binds: [`${volume}:/data`] },
            });
            await container.start();
            const { StatusCode } = await container.wait();
            await container.remove();
            assert.equal(StatusCode, 0, script);
        },
        remove: async () => void (await host.getVolume(volume).remove()),
    };
}

async function createOnCluster(): Promise<UserVolume> {
    const { site } = kubernetes;
    const volume = await ClusterVolume.create(site);
    const { name } = volume;
    const namespace = "default";
    await volume.claim(namespace);
    return {
        source: { claimName: name },
        shell: (script) => volume.shell(script),
        remove: async () => {
            await site.core.deleteNamespacedPersistentVolumeClaim({ namespace, name });
            await volume.remove();
        },
    };
}
