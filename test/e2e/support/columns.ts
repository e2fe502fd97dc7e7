import { TestBackend, columns, everyBackend, kubernetes, oneJob } from "./backends";
import { Cluster } from "./cluster";
import { Site } from "./site";
import { isLarge } from "./size";
import { skip } from "./skipping";

/** Getting a plugin and an image may take long. */
const preparingMs = 10 * 60_000;

/** Ends a test that hangs. Others run beside it, so that a test takes longer than it would alone. */
const hangingMs = 5 * 60_000;

/** Declares one behaviour, as Mocha's `it` does. */
type DeclareTest = (title: string, test: Mocha.AsyncFunc) => void;

type Behaviours<S extends Site = Site> = (this: Mocha.Suite, backend: TestBackend<S>, itOnce: DeclareTest) => void;

/**
 * Declares behaviours that are the same on every backend, with workers of either kind: each is a row of the matrix. `itOnce` declares
 * one in which the kind of workers has no part: it runs once on a cluster, and with workers of either kind in the large form.
 */
export function onEachBackend(title: string, behaviours: Behaviours): void {
    declare(title, columns, behaviours);
}

/** Declares behaviours that are the same on both backends, whatever kind of workers there are. */
export function onBothBackends(title: string, behaviours: Behaviours): void {
    declare(title, everyBackend, behaviours);
}

/** Declares behaviours that no other backend has. */
export function onlyOn<S extends Site>(backend: TestBackend<S>, title: string, behaviours: Behaviours<S>): void {
    declare(title, [backend], behaviours, backend.title);
}

/** Declares behaviours that only a cluster has, with workers of either kind, or once by `itOnce`. */
export function onKubernetes(title: string, behaviours: Behaviours<Cluster>): void {
    declare(title, [kubernetes, oneJob], behaviours, kubernetes.title);
}

function leaveOut(): void {}

function declare<S extends Site>(
    title: string,
    backends: TestBackend<S>[],
    behaviours: Behaviours<S>,
    only?: string,
): void {
    describe(title, () => {
        for (const backend of backends) {
            const suite = describe(`on ${backend.title}`, function () {
                this.timeout(hangingMs);
                before(async function () {
                    this.timeout(preparingMs);
                    const reason = await backend.whyNot();
                    if (reason !== undefined) {
                        skip(this, reason);
                    }
                });
                behaviours.call(this, backend, backend.title === oneJob.title && !isLarge ? leaveOut : it);
            });
            // Read by the matrix that the reporter prints.
            Object.assign(suite, { column: backend.title, only });
        }
    });
}
