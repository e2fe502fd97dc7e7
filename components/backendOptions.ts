import { CompleteDocker, completeDocker } from "./docker/defaults";
import { dockerChecks, dockerCrossChecks, movedFromDocker } from "./docker/validate";
import { CompleteKubernetes, completeKubernetes } from "./kubernetes/defaults";
import { kubernetesChecks, kubernetesCrossChecks, movedFromKubernetes } from "./kubernetes/validate";
import { Backend, DistributedSessionArgs } from "./model/args";
import { Project } from "./project/project";
import { VolumeSource } from "./mounts";
import { Check, Moved } from "./validation/checkObject";
import { CrossCheck } from "./validation/crossCheck";

/** The options of each backend, with their defaults. */
export interface CompleteOptions {
    docker: CompleteDocker;
    kubernetes: CompleteKubernetes;
}

/** The options of each backend, as they are given. */
type GivenOptions = Pick<DistributedSessionArgs, Backend>;

/** What the component knows about the options of a backend. */
interface OptionsOf<Given, Complete> {
    /** What each option must be. */
    checks: Record<keyof Given, Check>;
    /** The options of earlier releases that are elsewhere now. */
    moved?: Moved;
    /** Adds the defaults. */
    complete: (given: Given | undefined) => Complete;
    /** Checks of options against each other and against other arguments. */
    crossChecks: (options: Complete, args: DistributedSessionArgs, project: Project | undefined) => CrossCheck[];
    /** Whether the options give engines their files, so that scripts are not in `project`. */
    giveFiles: (options: Complete) => boolean;
    /** The properties of `shared` and of `volumes` that name a volume there. */
    volumeSources: readonly VolumeSource[];
    /** Whether a volume of the session's own reaches all engines on every host or cluster. */
    sharesEverywhere: boolean;
    /** Whether ports may be published where `egress` is closed. */
    publishesClosed: boolean;
}

type Rows = { [B in Backend]: OptionsOf<NonNullable<GivenOptions[B]>, CompleteOptions[B]> };

const rows: Rows = {
    docker: {
        checks: dockerChecks,
        moved: movedFromDocker,
        complete: completeDocker,
        crossChecks: dockerCrossChecks,
        giveFiles: () => false,
        volumeSources: ["volume", "hostPath"],
        sharesEverywhere: true,
        publishesClosed: false,
    },
    kubernetes: {
        checks: kubernetesChecks,
        moved: movedFromKubernetes,
        complete: completeKubernetes,
        crossChecks: kubernetesCrossChecks,
        giveFiles: ({ projectVolume }) => projectVolume !== undefined,
        volumeSources: ["claimName", "hostPath"],
        // Most classes of volumes serve one node.
        sharesEverywhere: false,
        publishesClosed: true,
    },
};

const backends = Object.values(Backend);

/** A value for the options of each backend. */
export function ofEachBackend<T>(valueOf: (backend: Backend) => T): Record<Backend, T> {
    return Object.fromEntries(backends.map((backend) => [backend, valueOf(backend)])) as Record<Backend, T>;
}

/** What the options of a backend must be. */
export function optionChecks(backend: Backend): Readonly<Record<string, Check>> {
    return rows[backend].checks;
}

/** The options that a backend had in earlier releases, and where they are now. */
export function movedOptions(backend: Backend): Moved | undefined {
    return rows[backend].moved;
}

/** The options of each backend with their defaults. What has the wrong shape is left out. */
export function completeOptions(given: GivenOptions): CompleteOptions {
    const completed = <B extends Backend>(backend: B): CompleteOptions[B] => rows[backend].complete(given[backend]);
    return ofEachBackend(completed) as CompleteOptions;
}

/** The cross-checks of a backend's options; none where the backend is not known. */
export function optionCrossChecks(
    backend: Backend,
    args: DistributedSessionArgs & CompleteOptions,
    project: Project | undefined,
): CrossCheck[] {
    const checksOf = <B extends Backend>(known: B) => rows[known].crossChecks(args[known], args, project);
    return backends.filter((known) => known === backend).flatMap((known) => checksOf(known));
}

/** Whether the options give engines their files, so that scripts are not in `project`. */
export function giveFiles(options: CompleteOptions): boolean {
    const gives = <B extends Backend>(backend: B) => rows[backend].giveFiles(options[backend]);
    return backends.some((backend) => gives(backend));
}

/** The properties of `shared` and of `volumes` that name a volume on this backend. */
export function volumeSourcesOn(backend: Backend): readonly VolumeSource[] {
    return rows[backend].volumeSources;
}

/** What the component may add of itself on a backend; nothing where the backend is none. */
export function defaultsOn(backend: Backend): Pick<Rows[Backend], "sharesEverywhere" | "publishesClosed"> | undefined {
    return backends.includes(backend) ? rows[backend] : undefined;
}
