import * as fs from "fs";
import * as path from "path";
import { pulumiHome } from "./home";
import { projectFolder } from "./versions";

/** The variables that keep the state in files of the project, unless the user has chosen a backend or is logged in to one. */
export function backendEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
    if (env.PULUMI_BACKEND_URL || isLoggedIn(env)) {
        return {};
    }
    const folder = path.join(projectFolder, ".state");
    fs.mkdirSync(folder, { recursive: true });
    const hasPassphrase = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
    return {
        PULUMI_BACKEND_URL: `file://${folder}`,
        // The stacks in the repository hold no secret. Who adds one sets a passphrase.
        ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: "" }),
    };
}

/** Whether the CLI finds a login: a token, as on a build server, or what `pulumi login` has written. */
function isLoggedIn(env: NodeJS.ProcessEnv): boolean {
    if (env.PULUMI_ACCESS_TOKEN) {
        return true;
    }
    const file = path.join(pulumiHome(env), "credentials.json");
    if (!fs.existsSync(file)) {
        return false;
    }
    const { current } = JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string };
    return Boolean(current);
}
