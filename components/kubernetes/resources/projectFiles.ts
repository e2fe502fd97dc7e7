import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";
import * as fs from "fs";
import { EngineFiles, digestOfFiles } from "../../model/plan";
import { ProjectFile } from "../../project/project";

type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

const plainMode = 0o644;
const executableMode = 0o755;

/** The contents of the project's files, as a ConfigMap holds them: text as text, so that one can read it there, and all else as bytes. */
export function renderContents(files: readonly ProjectFile[]): {
    data: Record<string, string>;
    binaryData: Record<string, string>;
} {
    const [data, binaryData]: Record<string, string>[] = [{}, {}];
    for (const file of files) {
        const bytes = fs.readFileSync(file.source);
        const text = bytes.toString("utf8");
        // Each zero byte of a text would count as six against the size of a request.
        if (Buffer.from(text).equals(bytes) && !text.includes("\0")) {
            data![keyOf(file)] = text;
        } else {
            binaryData![keyOf(file)] = bytes.toString("base64");
        }
    }
    return { data: data!, binaryData: binaryData! };
}

/** The name of a file in the ConfigMap, which allows no folders and few characters. */
export function keyOf({ path }: ProjectFile): string {
    const isKey = /^[-._a-zA-Z0-9]{1,253}$/.test(path) && !path.startsWith("..");
    return isKey ? path : crypto.createHash("sha256").update(path).digest("hex").slice(0, 32);
}

/**
 * The volumes of an engine with the project's files: one for plain files and one for those that may be executed. A running engine keeps
 * the files it was started with, so the name says which ones: it changes with every file whose change replaces the engine.
 */
export function renderVolumes(engine: EngineFiles, name: pulumi.Input<string> | undefined): Volume[] {
    const nameOf = volumeNames(engine);
    return [false, true]
        .filter((executable) => engine.files.some((file) => file.executable === executable))
        .map((executable) => ({
            name: nameOf(executable),
            configMap: { name: name!, defaultMode: executable ? executableMode : plainMode },
        }));
}

/** Each file on its own place. A folder as a whole would hide what the image has there, and show the cluster's own links. */
export function renderMounts(engine: EngineFiles, home: string): VolumeMount[] {
    const nameOf = volumeNames(engine);
    return engine.files.map((file) => ({
        name: nameOf(file.executable),
        mountPath: `${home}/${file.path}`,
        subPath: keyOf(file),
        readOnly: true,
    }));
}

function volumeNames(engine: EngineFiles): (executable: boolean) => string {
    const digest = digestOfFiles(engine);
    return (executable) => `project-${executable ? "executable" : "plain"}-${digest}`;
}
