import * as fs from "fs";
import * as path from "path";
import { capture } from "./progress";
import { projectFolder } from "./versions";

const folder = path.join(projectFolder, "stacks");
const saltLine = /^encryptionsalt:.*\n?/m;

/** The stacks that the project has a configuration for. */
export function configuredStacks(): string[] {
    return fs.readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** The stacks of the project that exist in the backend. */
export async function existingStacks(env: NodeJS.ProcessEnv): Promise<string[]> {
    const { code, output } = await capture("pulumi", ["stack", "ls", "--json"], { env, cwd: projectFolder });
    return code === 0 ? (JSON.parse(output) as { name: string }[]).map(({ name }) => name) : [];
}

/**
 * Runs something that leaves a stack's configuration as it was: the CLI adds the salt of the passphrase to it, which a stack
 * without secrets does not need.
 */
export async function keepingConfiguration<T>(stack: string, action: () => Promise<T>): Promise<T> {
    const file = path.join(folder, `Pulumi.${stack}.yaml`);
    if (!fs.existsSync(file)) {
        return action();
    }
    const before = fs.readFileSync(file, "utf8");
    try {
        return await action();
    } finally {
        const after = fs.readFileSync(file, "utf8");
        if (!saltLine.test(before) && after.replace(saltLine, "").trimEnd() === before.trimEnd()) {
            fs.writeFileSync(file, before);
        }
    }
}
