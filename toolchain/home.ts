import * as os from "os";
import * as path from "path";

/** The folder in which Pulumi keeps its plugins and credentials. */
export function pulumiHome(env: NodeJS.ProcessEnv = process.env): string {
    return env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
}
