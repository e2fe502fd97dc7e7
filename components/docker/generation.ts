/** How the token of an engine ends that was created with folders of the project in which it may write. */
const openMark = ".folders";

/** The token of an engine that is created now. */
export function withOpenFolders(token: string): string {
    return `${token}${openMark}`;
}

/** Whether an engine of this token has such folders: one of an earlier release has not, and to change that would replace it. */
export function hasOpenFolders(token: string): boolean {
    return token.endsWith(openMark);
}
