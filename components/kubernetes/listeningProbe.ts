/**
 * The command that finds out whether an engine listens on its ports, from its sockets: nobody connects, so a program that counts
 * its connections sees none. It needs nothing but a shell. What it prints is read by `portsInProbe`.
 */
export function listeningCommand(ports: readonly number[]): string[] {
    const script = [
        "seen=",
        // "  0: 00000000:1770 00000000:0000 0A ...": slot, local address and port in hex, remote, state.
        'look() { while read -r slot local remote state rest; do if [ "$state" = 0A ]; then case $local in',
        // A port of the loopback address alone does not count: no other engine reaches it.
        '??????7F:*|0000000000000000FFFF0000??????7F:*|00000000000000000000000001000000:*) ;; *) seen="$seen ${local##*:}" ;;',
        "esac; fi; done; }",
        "look </proc/net/tcp",
        "[ ! -r /proc/net/tcp6 ] || look </proc/net/tcp6",
        `for port in ${ports.map(inHex).join(" ")}; do`,
        'case "$seen " in *" $port "*) ;; *) echo "listens on:$seen."; exit 1 ;; esac',
        "done",
    ];
    return ["sh", "-c", script.join("\n")];
}

/** The ports that a failed probe found, read from the cluster's message about it. */
export function portsInProbe(message: string): number[] {
    const [, found] = /listens on:([ 0-9A-F]*)\./.exec(message) ?? [];
    const ports = (found ?? "").split(" ").filter(Boolean);
    return [...new Set(ports.map((port) => parseInt(port, 16)))];
}

function inHex(port: number): string {
    return port.toString(16).toUpperCase().padStart(4, "0");
}
