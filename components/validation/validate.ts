import {
    Backend,
    DistributedSessionArgs,
    EngineSpec,
    MasterSpec,
    OnWorkerFailure,
    RestartPolicy,
    Wait,
    WorkersSpec,
} from "../model/args";
import { Problem, show } from "../model/errors";
import { kernels } from "../model/kernels";
import { Project } from "../model/projectFiles";
import * as is from "./checks";
import { validateCapacity, validateDocker } from "../docker/validate";
import { validateConfigMap, validateKubernetes } from "../kubernetes/validate";
import { Scripts, elsewhere, validateProgram } from "./validateProgram";
import { validateRequests } from "../kubernetes/validateRequests";
import { validateProject } from "./validateProject";

/** The properties that may come from another resource, and what their values must be. */
export const laterChecks = {
    code: is.text,
    command: is.command,
    image: is.text,
    env: is.environment,
    cpu: is.cpu,
    memory: is.memory,
} satisfies Partial<Record<keyof EngineSpec, is.Check>>;

/** Their names. */
export const laterProperties = Object.keys(laterChecks) as (keyof typeof laterChecks)[];

const engineProperties = ["script", "kernel", "nvidiaGpu", ...laterProperties];
const sessionProperties = [
    "backend",
    "project",
    "master",
    "workers",
    "wait",
    "timeoutSeconds",
    "onWorkerFailure",
    "docker",
    "kubernetes",
];
/** More than this is a slip of the hand on any backend. */
const mostWorkers = 10_000;
/** With `-worker-10000` and what Kubernetes appends, a name stays within the 63 characters of a label. */
const longestName = 40;

/** Everything that is wrong with the arguments of a session, as far as their values are there. */
export function validate(name: string, args: DistributedSessionArgs, project: Project | undefined): Problem[] {
    if (is.object("", args).length > 0) {
        return [...validateName(name), ...is.object("", args)];
    }
    const scripts = args.kubernetes?.projectVolume === undefined ? project : elsewhere;
    return [
        ...validateName(name),
        ...is.known(sessionProperties)("", args),
        ...validateBackend(args, project),
        ...is.plain(is.oneOf(Object.values(Wait)), "wait", args.wait),
        ...is.plain(is.oneOf(Object.values(OnWorkerFailure)), "onWorkerFailure", args.onWorkerFailure),
        ...is.plain(is.seconds, "timeoutSeconds", args.timeoutSeconds),
        ...is.plain(is.text, "project", args.project),
        ...(project === undefined ? [] : validateProject(args.project, project)),
        ...validateMaster(args.master, scripts),
        ...validateWorkers(args.workers, scripts),
    ];
}

function validateName(name: string): Problem[] {
    if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longestName) {
        return [];
    }
    const allowed = `at most ${longestName} lower-case letters, digits and -, starting with a letter and not ending with -`;
    return [{ path: "name", reason: `${show(name)} (${name.length} characters) is not ${allowed}` }];
}

/** Settings that only another backend has would be without effect, so they are refused. */
function validateBackend(args: DistributedSessionArgs, project: Project | undefined): Problem[] {
    const { backend = Backend.Docker, docker, kubernetes } = args;
    const wrong = is.plain(is.oneOf(Object.values(Backend)), "backend", backend);
    if (wrong.length > 0) {
        return wrong;
    }
    const other = backend === Backend.Docker ? Backend.Kubernetes : Backend.Docker;
    const misplaced = {
        path: other,
        reason: `is for backend ${show(other)}, and the backend is ${show(backend)}; remove it`,
    };
    const problems = args[other] === undefined ? [] : [misplaced];
    if (backend === Backend.Kubernetes) {
        const wrongOptions = kubernetes === undefined ? [] : validateKubernetes(kubernetes);
        return [
            ...problems,
            ...(wrongOptions.length > 0 ? wrongOptions : validateRequests(args)),
            ...validateConfigMap(kubernetes, args.project, project),
        ];
    }
    return [
        ...problems,
        ...(docker === undefined ? [] : validateDocker(docker, args.master)),
        ...validateCapacity(docker, args.workers?.n),
    ];
}

function validateMaster(master: MasterSpec, project: Scripts): Problem[] {
    if (is.object("master", master).length > 0) {
        return is.object("master", master);
    }
    return [
        ...is.known([...engineProperties, "ports"])("master", master),
        ...validateEngine("master", master, project),
        ...is.plain(is.ports, "master.ports", master.ports),
    ];
}

function validateWorkers(workers: WorkersSpec, project: Scripts): Problem[] {
    if (is.object("workers", workers).length > 0) {
        return is.object("workers", workers);
    }
    const n = is.number({
        least: 0,
        most: mostWorkers,
        whole: true,
        allowed: `a whole number from 0 to ${mostWorkers}`,
    });
    return [
        ...is.known([...engineProperties, "n", "restart"])("workers", workers),
        ...is.needed(n, "workers.n", workers.n),
        ...is.plain(restart, "workers.restart", workers.restart),
        ...validateEngine("workers", workers, project),
    ];
}

const attempts = is.number({ least: 0, most: 1000, whole: true, allowed: "a whole number from 0 to 1000" });

const restart: is.Check = (path, value) => {
    const wrong = is.known(["attempts"])(path, value);
    return wrong.length > 0 ? wrong : is.needed(attempts, `${path}.attempts`, (value as RestartPolicy).attempts);
};

function validateEngine(path: string, spec: EngineSpec, project: Scripts): Problem[] {
    const gpus = is.number({ least: 0, most: 64, whole: true, allowed: "a whole number of GPUs from 0 to 64" });
    return [
        ...validateProgram(path, spec, project),
        ...is.plain(is.oneOf(kernels), `${path}.kernel`, spec.kernel),
        ...is.plain(gpus, `${path}.nvidiaGpu`, spec.nvidiaGpu),
        ...laterProperties.flatMap((property) =>
            is.given(laterChecks[property], `${path}.${property}`, spec[property]),
        ),
    ];
}
