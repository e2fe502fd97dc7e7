import { Backend } from "../components/model/args";
import { backendEnvironment } from "./backend";
import { ensureCluster } from "./cluster";
import { ensureDocker } from "./docker";
import { ensureEngineImage } from "./engineImage";
import { ImageLibrary, ensureLibraryImage } from "./libraryImage";
import { ensureDockerPlugin, ensureKubernetesPlugin } from "./plugin";
import { MissingPrerequisite, mayInstall } from "./prerequisites";
import { ensurePulumi } from "./pulumi";

/**
 * Installs what `pulumi up` of this project needs on these backends and the machine lacks, and returns the environment for it. The
 * engine image and the images of libraries are optional: `destroy` and clusters do not need them. Fails with a `MissingPrerequisite`;
 * where nothing may be installed, it names everything that is missing.
 */
export async function prepare({
    backends = [Backend.Docker] as Backend[],
    engineImage = true,
    libraries = [] as ImageLibrary[],
} = {}): Promise<NodeJS.ProcessEnv> {
    const [onDocker, onCluster] = [Backend.Docker, Backend.Kubernetes].map((name) => backends.includes(name));
    const missing: string[] = [];
    const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
        try {
            return await step();
        } catch (error) {
            if (mayInstall() || !(error instanceof MissingPrerequisite)) {
                throw error;
            }
            missing.push(error.message);
            return undefined;
        }
    };
    const docker = onDocker ? await attempt(ensureDocker) : undefined;
    if (docker !== undefined && engineImage) {
        await attempt(() => ensureEngineImage({ ...process.env, ...docker }));
    }
    for (const library of docker === undefined ? [] : libraries) {
        await attempt(() => ensureLibraryImage(library, { ...process.env, ...docker }));
    }
    if (onCluster) {
        await attempt(ensureCluster);
    }
    const pulumi = await attempt(ensurePulumi);
    const environment = {
        ...process.env,
        ...pulumi,
        ...docker,
        ...backendEnvironment(),
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    if (pulumi !== undefined && onDocker) {
        await attempt(() => ensureDockerPlugin(environment));
    }
    if (pulumi !== undefined && onCluster) {
        await attempt(() => ensureKubernetesPlugin(environment));
    }
    if (missing.length > 0) {
        throw new MissingPrerequisite(missing.join("\n"));
    }
    return environment;
}
