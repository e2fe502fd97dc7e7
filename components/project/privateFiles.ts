import ignore from "@balena/dockerignore";

/** Names under which people keep what is theirs alone: histories of changes, passwords, keys and logins. */
const names = [
    ".git",
    ".hg",
    ".svn",
    ".env",
    ".env.*",
    "!.env.example",
    "!.env.sample",
    "!.env.template",
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".dockercfg",
    ".netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    ".Renviron",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.kdbx",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
];

const privateNames = ignore().add(names.map((name) => (name.startsWith("!") ? `!**/${name.slice(1)}` : `**/${name}`)));

const groupAndOthers = 0o077;

/** Whether a file or a folder is private by its name. */
export function isPrivateName(entry: string): boolean {
    return privateNames.ignores(entry);
}

/** Whether only its owner may read a file, in a folder that others may read: where all is closed, the file is no exception. */
export function isClosed(file: { mode: number }, folder: { mode: number }): boolean {
    return (file.mode & groupAndOthers) === 0 && (folder.mode & groupAndOthers) !== 0;
}
