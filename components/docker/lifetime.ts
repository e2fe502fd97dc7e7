import { EngineTemplate, Plan } from "../model/plan";

/** The folder in a container that remembers its life over restarts. The user of any image may write in it. */
export const lifetimeFolder = "/.distributed-session";

/** The files in it that are marks: not empty where they hold. */
export const lifetimeMarks = {
    /** The container was ended because its time was over. */
    over: `${lifetimeFolder}/over`,
    /** The same of its run before the last restart. */
    overBefore: `${lifetimeFolder}/over-before`,
};

/** The file with the script below. */
export const lifetimeFile = `${lifetimeFolder}/run`;

/**
 * Docker has no deadline for a container, so a watchdog in it has. It asks process 1, Docker's init, to stop, as `docker stop` does. It is
 * no child of the program, which takes the place of this script: signals and exit codes are the program's. Both pauses begin at once:
 * a program that has used up the limit of processes would leave no room for the second.
 */
export const lifetimeScript = `# Runs a program whose time is limited.
# $1: seconds to live; $2: seconds from SIGTERM to SIGKILL; $3: whether the time is that of all runs or of each; then the program.
folder=${lifetimeFolder}
life=$1 stop=$2 scope=$3
shift 3

for tool in date sleep; do
    command -v "$tool" >/dev/null || { echo "maxSeconds needs the program $tool in the image." >&2; exit 127; }
done

if [ "$scope" = all ]; then
    [ -s "$folder/started" ] || date +%s >"$folder/started"
    read -r first <"$folder/started"
    # The disk may be full.
    left=$((\${first:-$(date +%s)} + life - $(date +%s)))
    # The clock may have been set back.
    [ "$left" -ge "$life" ] || life=$left
    if [ "$life" -le 0 ]; then
        echo over >"$folder/over"
        # With another exit code, Docker would start it again.
        exit 0
    fi
elif [ -s "$folder/over" ]; then
    echo over >"$folder/over-before"
    : >"$folder/over"
else
    : >"$folder/over-before"
fi

(
    { sleep "$life"; echo over >"$folder/over"; kill -15 1; } &
    { sleep "$((life + stop))"; kill -9 -1; } &
) </dev/null >/dev/null 2>&1
exec "$@"
`;

/** The entrypoint of a container whose time is limited, in front of its image's own. The time of a service is that of all its runs. */
export function limitedEntrypoint(
    { maxSeconds }: Plan,
    { stopSeconds, restarts }: EngineTemplate,
    entrypoint: readonly string[],
): string[] {
    const isCounted = restarts > 0 && Number.isFinite(restarts);
    const scope = isCounted ? "each" : "all";
    return ["sh", lifetimeFile, String(maxSeconds), String(stopSeconds), scope, ...entrypoint];
}
