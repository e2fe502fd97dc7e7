import * as os from "os";
import * as path from "path";

/** Where Pulumi keeps what it installs. */
export function pulumiHome(): string {
    return process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
}
