import * as fs from "fs";
import * as path from "path";
import { pulumiHome } from "./home";
import { projectFolder } from "./versions";

/** Where state goes: to files in the project, unless the user has chosen a backend or is logged in to one. */
export function backendEnvironment(): NodeJS.ProcessEnv {
    if (process.env.PULUMI_BACKEND_URL || isLoggedIn()) {
        return {};
    }
    const folder = path.join(projectFolder, ".state");
    fs.mkdirSync(folder, { recursive: true });
    const hasPassphrase =
        process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || process.env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
    return {
        PULUMI_BACKEND_URL: `file://${folder}`,
        // The stacks of this project hold no secret.
        ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: "" }),
    };
}

function isLoggedIn(): boolean {
    const file = path.join(pulumiHome(), "credentials.json");
    if (!fs.existsSync(file)) {
        return false;
    }
    const { current } = JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string };
    return Boolean(current);
}
