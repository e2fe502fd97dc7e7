import * as fs from "fs";
import * as path from "path";
import { isClosed, isPrivateName } from "./privateFiles";
import { ProjectFile, ProjectLimits, ignoreFile } from "./project";
import { Rules } from "./rules";

/** A file whose content is not read yet. */
export type FoundFile = Omit<ProjectFile, "sha256">;

/** A walk through a project folder that stops at the limits. */
export class Walk {
    readonly files: FoundFile[] = [];
    readonly linkedFolders: string[] = [];
    readonly leftOut: string[] = [];
    private readonly realRoot: string;
    private bytes = 0;

    constructor(
        private readonly root: string,
        private readonly limits: ProjectLimits,
        private readonly rules: Rules,
    ) {
        this.realRoot = fs.realpathSync(root);
    }

    visit(folder: string): void {
        const stats = fs.statSync(path.join(this.root, folder));
        for (const entry of fs.readdirSync(path.join(this.root, folder), { withFileTypes: true })) {
            const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
            const isIgnored = this.rules.ignores(file);
            if (entry.isDirectory()) {
                this.visitFolder(file, isIgnored);
            } else if (!isIgnored && !this.leavesOut(file)) {
                this.add(file, stats);
            }
        }
    }

    private visitFolder(folder: string, isIgnored: boolean): void {
        if (!isIgnored) {
            if (!this.leavesOut(folder) || this.rules.mayInclude(folder)) {
                this.visit(folder);
            }
        } else if (this.rules.mayInclude(folder) && isAccessible(path.join(this.root, folder))) {
            this.visit(folder);
        }
    }

    /** Whether an entry is private by its name. What lies in a folder that is left out is not listed once more. */
    private leavesOut(entry: string): boolean {
        const isPrivate = isPrivateName(entry) && !this.rules.asksFor(entry);
        if (isPrivate && !this.leftOut.some((folder) => entry.startsWith(`${folder}/`))) {
            this.leftOut.push(entry);
        }
        return isPrivate;
    }

    private add(file: string, folder: fs.Stats): void {
        const source = path.join(this.root, file);
        const stats = fs.statSync(source);
        if (stats.isDirectory()) {
            this.linkedFolders.push(file);
            return;
        }
        if (!stats.isFile()) {
            throw new Error(
                `${source} is a pipe, a socket or a device, which cannot be delivered; remove it, or name it in ${ignoreFile}`,
            );
        }
        this.checkPlace(source);
        if (isClosed(stats, folder) && !this.rules.asksFor(file)) {
            this.leftOut.push(file);
            return;
        }
        const { size, mode } = stats;
        this.files.push({ path: file, source, executable: (mode & 0o100) !== 0, size });
        this.bytes += size;
        this.checkLimits(file, size);
    }

    /** A link that leads out of the folder would deliver what nobody put into it. */
    private checkPlace(source: string): void {
        const target = fs.realpathSync(source);
        const isWithin = this.realRoot === "/" || target.startsWith(`${this.realRoot}/`);
        if (!isWithin) {
            throw new Error(
                `${source} is a link out of the folder, to ${target}; copy that file into the folder, or name the link in ${ignoreFile}`,
            );
        }
    }

    private checkLimits(file: string, size: number): void {
        const { files, bytes } = this.limits;
        const remedy = `name what engines do not need in ${ignoreFile}, or put large data into the image`;
        if (this.files.length > files) {
            throw new Error(`the folder holds more than the ${files} files that can be delivered; ${remedy}`);
        }
        if (this.bytes > bytes) {
            const share = `${file} has ${Math.ceil(size / 2 ** 20)} MiB`;
            throw new Error(
                `the folder holds more than the ${bytes / 2 ** 20} MiB that can be delivered (${share}); ${remedy}`,
            );
        }
    }
}

function isAccessible(folder: string): boolean {
    try {
        fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
