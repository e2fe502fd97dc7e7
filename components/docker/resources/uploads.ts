import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { devNull } from "os";
import * as path from "path";
import { map } from "../../model/inputs";
import { EngineFiles, isWatched } from "../../model/plan";
import { isRunByCli } from "../../program/mode";
import { ProjectFile, home } from "../../project/project";
import { hasOpenFolders } from "../generation";
import { foldersOf } from "../readOnlyRoot";

/** A file that the provider puts into a container before its start. */
export type Upload = docker.types.input.ContainerUpload;

/** The files of the project, and its folders, in which an engine may write beside them. */
export function renderProject(engine: EngineFiles, token: pulumi.Input<string>): pulumi.Input<Upload[]> {
    const files = engine.files.map((file) => renderUpload(engine, file));
    const folders = foldersOf(engine).map((folder) => openFolder(`${home}/${folder}`));
    // A list that is unknown as a whole would hide a change of the files in a preview.
    return folders.length === 0 ? files : map(token, (known) => [...files, ...(hasOpenFolders(known) ? folders : [])]);
}

/**
 * Opens a folder to engines of any user. Docker makes it root's, and no engine has the right to change it: the provider unpacks an archive
 * into the container before its start, and a name with a slash at its end stands for a folder.
 */
export function openFolder(folder: string): Upload {
    return { file: `${folder}/`, source: devNull, permissions: "0777" };
}

function renderUpload(engine: EngineFiles, file: ProjectFile): Upload {
    return {
        file: `${home}/${file.path}`,
        source: sourcePath(file.source),
        // Without the hash, the provider does not notice that a file has changed.
        ...(isWatched(engine, file) ? { sourceHash: file.sha256 } : {}),
        // `executable` would let only root execute it.
        permissions: file.executable ? "0755" : "0644",
    };
}

/**
 * How a file of this machine is named to the provider. The Pulumi CLI starts the provider in the program's folder, so a path relative to
 * it works, and the same checkout elsewhere names the same inputs. A program inside an Automation API process shares no
 * folder with the provider: there only an absolute path does.
 */
export function sourcePath(file: string): string {
    return isRunByCli() ? path.relative(process.cwd(), file).split(path.sep).join("/") : file;
}
