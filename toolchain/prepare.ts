import { Backend } from "../components/model/args";
import { backendEnvironment } from "./backend";
import { ensureCluster } from "./cluster";
import { ensureDocker } from "./docker";
import { ensureEngineImage } from "./engineImage";
import { Missing, mayGet } from "./missing";
import { ensureDockerPlugin, ensureKubernetesPlugin } from "./plugin";
import { ensurePulumi } from "./pulumi";

/**
 * Makes everything available that `pulumi up` of this project needs on these backends, and tells the environment in which to run it.
 * What is there is left as it is. Without the engine image, engines cannot be started, and all else can be done; a cluster has it from
 * elsewhere. Fails with a `Missing` that says what to do; where nothing may be got, with all that is missing at once.
 */
export async function prepare({
    backends = [Backend.Docker] as Backend[],
    engineImage = true,
} = {}): Promise<NodeJS.ProcessEnv> {
    const [onDocker, onCluster] = [Backend.Docker, Backend.Kubernetes].map((name) => backends.includes(name));
    const missing: string[] = [];
    const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
        try {
            return await step();
        } catch (error) {
            if (mayGet() || !(error instanceof Missing)) {
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
        throw new Missing(missing.join("\n"));
    }
    return environment;
}
