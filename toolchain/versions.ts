import * as fs from "fs";
import * as path from "path";

/** The project's folder. */
export const projectFolder = path.resolve(__dirname, "..");

/** The oldest Pulumi CLI that knows everything the project uses. */
export const oldestPulumi = "3.207.0";

/** What can be built from Go modules, where the official programs cannot be downloaded. */
export const fromModules = { pulumi: "3.250.0", languageHost: "3.60.0", go: "1.26" };

/** The version of an installed npm package: the plugin and the CLI that fit are of the same one. */
export function packageVersion(name: string): string {
    const file = path.join(projectFolder, "node_modules", name, "package.json");
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

/** Whether a version is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
    const [a, b] = [version, least].map((text) => text.split(/[.+-]/).map(Number));
    for (let index = 0; index < b!.length; index++) {
        const difference = (a![index] ?? 0) - b![index]!;
        if (difference !== 0) {
            return difference > 0;
        }
    }
    return true;
}
