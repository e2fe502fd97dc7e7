import { freshToken } from "../observing/replacements";

/** How the token of an engine ends that was created with folders of the project in which it may write. */
const openMark = ".folders";

/** The token of what a session creates now, with the session's uid if it has one. */
export function tokenOf(time: number, uid: string | undefined): string {
    return uid === undefined ? freshToken(time) : `${freshToken(time)}.${uid}`;
}

/** The uid in a token; what an earlier release created has none. */
export function uidIn(token: string): string | undefined {
    return /\.([0-9a-f]{32})(?=\.|$)/.exec(token)?.[1];
}

/** The token of an engine that is created now. */
export function withOpenFolders(token: string): string {
    return `${token}${openMark}`;
}

/** Whether an engine of this token has such folders: one of an earlier release has not, and to change that would replace it. */
export function hasOpenFolders(token: string): boolean {
    return token.endsWith(openMark);
}
