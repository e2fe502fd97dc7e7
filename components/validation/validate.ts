import {
    giveFiles,
    movedOptions,
    ofEachBackend,
    optionChecks,
    optionCrossChecks,
    volumeSourcesOn,
} from "../backendOptions";
import {
    Backend,
    DistributedSessionArgs,
    Egress,
    EngineSpec,
    Kernel,
    MasterSpec,
    OnWorkerFailure,
    RestartPolicy,
    Wait,
    WorkerGroupSpec,
    WorkersSpec,
} from "../model/args";
import { CompleteArgs, withDefaults } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { kernels } from "../model/kernels";
import { isPool } from "../model/pool";
import { mountsOf } from "../mounts";
import { Project } from "../project/project";
import { Check, checkObject, listOf, objectOf, optional, optionalLater, required, that } from "./checkObject";
import * as is from "./checks";
import { CrossCheck } from "./crossCheck";
import { enginePlaces } from "./enginePlaces";
import { joinCheckChecks } from "./validateJoinCheck";
import { groupName, groupNameChecks, validateName } from "./validateNames";
import { mountChecks, scratchChecks, sharedChecks, volumeChecks } from "./validateMounts";
import { elsewhere, validateKernel, validateProgram, validateScript, validateWorkingDir } from "./validateProgram";
import { poolChecks } from "./validatePool";
import { publish } from "./validatePublish";
import { restartCrossChecks } from "./validateRestart";
import { worldSizeChecks } from "./validateWorldSize";

/** More than this is a slip of the hand on any backend. */
const mostWorkers = 10_000;

/** The properties whose type admits an Output or a Promise. */
type LaterKeys<T> = { [K in keyof T]-?: Promise<never> extends T[K] ? K : never }[keyof T];

const laterChecks = {
    code: is.code,
    command: is.command,
    image: is.image,
    env: is.environment,
    cpu: is.cpu,
    memory: is.memory,
    disk: is.disk,
    joinCheck: is.command,
} satisfies Record<LaterKeys<WorkersSpec>, Check>;

/** What the properties that may come from another resource must be. The kernel decides how long code may be. */
export function laterChecksOf({ kernel }: EngineSpec): typeof laterChecks {
    return kernel === Kernel.R ? { ...laterChecks, code: is.rCode } : laterChecks;
}

const gpus = is.number({ least: 0, most: 64, whole: true, expected: "a whole number of GPUs from 0 to 64" });

const stopSeconds = is.number({
    least: 1,
    most: 300,
    whole: true,
    expected: "a whole number of seconds from 1 to 300",
});

const maxSeconds = is.number({
    least: 1,
    most: 31_536_000,
    whole: true,
    expected: "a whole number of seconds from 1 to 31536000",
});

const engineChecks = {
    script: optional(is.scriptPath),
    code: optionalLater(laterChecks.code),
    command: optionalLater(laterChecks.command),
    kernel: optional(is.oneOf(kernels)),
    image: optionalLater(laterChecks.image),
    env: optionalLater(laterChecks.env),
    cpu: optionalLater(laterChecks.cpu),
    memory: optionalLater(laterChecks.memory),
    disk: optionalLater(laterChecks.disk),
    nvidiaGpu: optional(gpus),
    stopSeconds: optional(stopSeconds),
    workingDir: optional(that(is.isFolderPath, 'an absolute path of a folder below /, such as "/home/ray"')),
} satisfies Record<keyof EngineSpec, Check>;

const masterChecks = {
    ...engineChecks,
    ports: optional(is.ports),
    mainPort: optional(is.portNumber),
} satisfies Record<keyof MasterSpec, Check>;

const restartChecks = {
    attempts: optional(is.number({ least: 0, most: 1000, whole: true, expected: "a whole number from 0 to 1000" })),
    always: optional(is.boolean),
} satisfies Record<keyof RestartPolicy, Check>;

const workersChecks = {
    n: required(
        is.number({ least: 0, most: mostWorkers, whole: true, expected: `a whole number from 0 to ${mostWorkers}` }),
    ),
    ...engineChecks,
    restart: optional(objectOf(restartChecks)),
    joinCheck: optionalLater(laterChecks.joinCheck),
} satisfies Record<keyof WorkersSpec, Check>;

const workerGroupChecks = { name: required(groupName), ...workersChecks } satisfies Record<
    keyof WorkerGroupSpec,
    Check
>;

/** What decides whether the workers are a pool. */
const poolProperties = ["workers.script", "workers.code", "workers.command"];

const sessionChecks = {
    backend: optional(is.oneOf(Object.values(Backend))),
    project: optional(is.text),
    shared: optional(objectOf(sharedChecks)),
    volumes: optional(listOf(required(objectOf(volumeChecks)), "a list of volumes")),
    master: required(objectOf(masterChecks)),
    workers: required(objectOf(workersChecks)),
    workerGroups: optional(listOf(required(objectOf(workerGroupChecks)), "a list of groups of workers")),
    publish,
    wait: optional(is.oneOf(Object.values(Wait))),
    timeoutSeconds: optional(is.seconds),
    onWorkerFailure: optional(is.oneOf(Object.values(OnWorkerFailure))),
    maxSeconds: optional(maxSeconds),
    egress: optional(is.oneOf(Object.values(Egress))),
    readOnlyRoot: optional(is.boolean),
    worldSize: optional(is.boolean),
    ...ofEachBackend((backend) => optional(objectOf(optionChecks(backend), movedOptions(backend)))),
} satisfies Record<keyof DistributedSessionArgs, Check>;

/** Everything that is wrong with the arguments of a session, as far as their values are there: first each by itself, then together. */
export function validate(name: string, args: DistributedSessionArgs, project: Project | undefined): Problem[] {
    const shape = [...validateName(name), ...checkObject("", args, sessionChecks)];
    if (shape.some(({ path }) => path === "args")) {
        return shape;
    }
    const complete = withDefaults(args);
    const misplaced = validateBackend(complete, args);
    const isMisplaced = ({ path }: Problem) => misplaced.some((option) => isWithin(path, option.path));
    const problems = [...misplaced, ...shape.filter((problem) => !isMisplaced(problem))];
    const together = crossChecks(name, complete, project)
        .filter(({ reads }) => reads.every((path) => isSound(path, problems)))
        .flatMap(({ problemsOf }) => problemsOf());
    return [...problems, ...together];
}

function crossChecks(name: string, args: CompleteArgs, project: Project | undefined): CrossCheck[] {
    const scripts = giveFiles(args) ? elsewhere : project;
    const engines = enginePlaces<EngineSpec>(args).flatMap(({ path, spec }) => [
        {
            reads: [`${path}.script`, `${path}.code`, `${path}.command`],
            problemsOf: () => validateProgram(path, spec),
        },
        { reads: [`${path}.code`, `${path}.kernel`], problemsOf: () => validateCode(path, spec) },
        { reads: [`${path}.kernel`, `${path}.command`], problemsOf: () => validateKernel(path, spec) },
        {
            reads: [`${path}.workingDir`, `${path}.script`, ...poolProperties],
            problemsOf: () => validateWorkingDir(path, spec, isPool(args.workers)),
        },
        {
            reads: [`${path}.script`, "project"],
            problemsOf: () => validateScript(`${path}.script`, spec.script, scripts),
        },
    ]);
    return [
        { reads: ["project"], problemsOf: () => validateProject(args.project, project) },
        ...engines,
        ...poolChecks(args),
        ...restartCrossChecks(args),
        ...joinCheckChecks(args),
        ...groupNameChecks(name, args.workerGroups),
        ...worldSizeChecks(args),
        ...scratchChecks(mountsOf(args), args.readOnlyRoot),
        ...mountChecks(mountsOf(args), args.backend, () => volumeSourcesOn(args.backend), project),
        ...optionCrossChecks(args.backend, args, project),
    ];
}

function isWithin(path: string, other: string): boolean {
    return path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

function isSound(path: string, problems: Problem[]): boolean {
    return !problems.some((problem) => isWithin(problem.path, path) || isWithin(path, problem.path));
}

/** Code that its kernel does not take. */
function validateCode(engine: string, spec: EngineSpec): Problem[] {
    return optionalLater(laterChecksOf(spec).code)(`${engine}.code`, spec.code, show);
}

/** Options of another backend have no effect, so they are refused. */
function validateBackend({ backend }: CompleteArgs, args: DistributedSessionArgs): Problem[] {
    const others = Object.values(Backend).filter((other) => other !== backend && args[other] !== undefined);
    return (Object.values(Backend) as unknown[]).includes(backend)
        ? others.map((path) => ({
              path,
              reason: `is for backend ${show(path)}, and the backend is ${show(backend)}; remove it`,
          }))
        : [];
}

/** Why the project folder cannot be read, or does not fit. */
function validateProject(given: unknown, project: Project | undefined): Problem[] {
    return project?.problem === undefined ? [] : [{ path: "project", reason: `${show(given)}: ${project.problem}` }];
}
