import { backendEnvironment } from "./backend";
import { ensureDocker } from "./docker";
import { ensureEngineImage } from "./engineImage";
import { Missing, mayGet } from "./missing";
import { ensureDockerPlugin } from "./plugin";
import { ensurePulumi } from "./pulumi";

/**
 * Makes everything available that `pulumi up` of this project needs, and tells the environment in which to run it. What is there is
 * left as it is. Without the engine image, engines cannot be started, and all else can be done. Fails with a `Missing` that says what
 * to do; where nothing may be got, with all that is missing at once.
 */
export async function prepare({ engineImage = true } = {}): Promise<NodeJS.ProcessEnv> {
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
    const docker = await attempt(ensureDocker);
    if (docker !== undefined && engineImage) {
        await attempt(() => ensureEngineImage({ ...process.env, ...docker }));
    }
    const pulumi = await attempt(ensurePulumi);
    const environment = {
        ...process.env,
        ...pulumi,
        ...docker,
        ...backendEnvironment(),
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    if (pulumi !== undefined) {
        await attempt(() => ensureDockerPlugin(environment));
    }
    if (missing.length > 0) {
        throw new Missing(missing.join("\n"));
    }
    return environment;
}
