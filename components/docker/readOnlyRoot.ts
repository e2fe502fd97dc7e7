import { EngineFiles, Plan } from "../model/plan";
import { home } from "../project/project";
import { lifetimeFile, lifetimeFolder, lifetimeScript } from "./lifetime";

/** The folders in which an engine may write although its root is read-only. Each is a volume that Docker removes with the container. */
export function ownVolumesOf({ maxSeconds }: Plan): string[] {
    return maxSeconds === undefined ? [home] : [home, lifetimeFolder];
}

/** The folders of the project that have files, or folders, sorted by path. */
export function foldersOf({ files }: EngineFiles): string[] {
    const folders = files.flatMap(({ path: file }) => {
        const parts = file.split("/").slice(0, -1);
        return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    });
    return [...new Set(folders)].sort();
}

/** What an engine finds in its volumes: a folder in which any user may write, or a file. */
export interface Content {
    /** An absolute path in the engine. */
    path: string;
    isFolder?: boolean;
    executable?: boolean;
    /** The file of this machine that it is a copy of. */
    source?: string;
    text?: string;
}

/** What an engine with a read-only root is given before its start: the same as any other engine, and its home for any user. */
export function contentsOf(plan: Plan): Content[] {
    const { files } = plan.master.template;
    const { shared, maxSeconds } = plan;
    const own = shared !== undefined && shared.hostPath === undefined ? [shared.path] : [];
    const inHome = foldersOf(plan.master.template).map((folder) => `${home}/${folder}`);
    return [
        ...[...ownVolumesOf(plan), ...inHome, ...own].map((path) => ({ path, isFolder: true })),
        ...files.map(({ path, source, executable }) => ({ path: `${home}/${path}`, source, executable })),
        ...(maxSeconds === undefined ? [] : [{ path: lifetimeFile, text: lifetimeScript }]),
    ];
}
