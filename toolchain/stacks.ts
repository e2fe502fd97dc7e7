import * as fs from "fs";
import * as path from "path";
import { Backend } from "../components/model/args";
import { capture } from "./progress";
import { projectFolder } from "./versions";

const folder = path.join(projectFolder, "stacks");
const saltLine = /^encryptionsalt:.*\n?/m;
const onCluster = /^ *["']?distributed-session:backend["']?: *["']?kubernetes\b/m;

/** The stacks that the project has a configuration for. */
export function configuredStacks(): string[] {
    return fs.readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** Where the engines of a stack run, by its configuration. */
export function backendOf(stack: string): Backend {
    const file = configurationOf(stack);
    const isOnCluster = fs.existsSync(file) && onCluster.test(fs.readFileSync(file, "utf8"));
    return isOnCluster ? Backend.Kubernetes : Backend.Docker;
}

function configurationOf(stack: string): string {
    return path.join(folder, `Pulumi.${stack}.yaml`);
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
    const file = configurationOf(stack);
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
