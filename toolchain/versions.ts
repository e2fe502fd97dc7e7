import * as fs from "fs";
import * as path from "path";
import * as semver from "semver";

/** The project's folder. */
export const projectFolder = path.resolve(__dirname, "..");

/** The oldest Pulumi CLI that knows everything the project uses. */
export const minimumPulumi = "3.208.0";

/** What the Go modules in `toolchain/modules` build, and the oldest Go that builds them. */
export const moduleVersions = { pulumi: "3.250.0", languageHost: "3.60.0", go: "1.26" };

/** The version of an installed npm package. The CLI and the plugins that fit have the same one. */
export function packageVersion(name: string): string {
    const file = path.join(projectFolder, "node_modules", name, "package.json");
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

/** Whether a version is at least another one. Versions of Go, such as `1.26` and `1.26rc1`, count too; a text without a version is not. */
export function isAtLeast(version: string, minimum: string): boolean {
    const [found, needed] = [version, minimum].map((text) =>
        semver.coerce(text.replace(/(\d)(rc|beta)/, "$1-$2"), { includePrerelease: true }),
    );
    return Boolean(found && needed && semver.gte(found, needed));
}
