import { Project } from "../../components/project/project";
import { validate } from "../../components/validation/validate";
import { sessionArgs } from "./session";

/** Changes of a session's arguments that no type holds back, as a configuration file may have them. */
export type AnyArgs = Record<string, unknown> & { master?: any; workers?: any };

/** What is wrong with a session that is fine but for these changes, as the user reads it. */
export function problemsOf(changes: AnyArgs, project?: Project, name = "s"): string[] {
    return validate(name, sessionArgs(changes), project).map(({ path, reason }) => `${path}: ${reason}`);
}

/** A project folder that holds these files, each with its size. */
export function projectOf(sizes: Record<string, number>): Project {
    const files = Object.entries(sizes).map(([path, size]) => ({
        path,
        source: `/p/hello/${path}`,
        sha256: "",
        executable: false,
        size,
    }));
    return { folder: "/p/hello", files };
}
