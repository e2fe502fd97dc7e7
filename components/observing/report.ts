import { Engine } from "../model/outputs";
import { EngineState, formatFailure, isFailure } from "./engineState";
import { CreatedEngine, EngineHost } from "./runtime";
import { warn } from "../program/console";

/** The state of an engine for the outputs; with its address where the backend decides it, and not the plan. */
export type ObservedEngine = Omit<Engine, "ip"> & { ip?: string };

/**
 * The outputs of an engine. Its logs are among them only once it has ended (until then, each `up` would change them), and where only the
 * output of failed engines is shown, once it has failed.
 */
export async function report(
    host: EngineHost,
    created: CreatedEngine,
    state: EngineState,
    isShown = true,
): Promise<ObservedEngine> {
    const { id = created.id, ip, status, exitCode } = state;
    return {
        name: created.engine.name,
        id,
        status,
        ...(ip === undefined ? {} : { ip }),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(exitCode === undefined || !(isShown || isFailure(state)) ? {} : { logs: await host.readTail(created.id) }),
    };
}

/** Reports, under its resource, that an engine has failed, or was taken away, and is started again. */
export class Restarts {
    private readonly engines = new Map<string, CreatedEngine>();

    know(created: CreatedEngine): void {
        this.engines.set(created.id, created);
    }

    readonly report = (id: string, failed: EngineState): void => {
        const { engine, resource } = this.engines.get(id)!;
        const { restarts } = engine.template;
        const count = restarts === Infinity ? "" : ` (${failed.restarts} of ${restarts})`;
        const again =
            failed.restarts === undefined
                ? "; the cluster starts another one as soon as it has ended"
                : `, and is started again${count}`;
        void warn(`${engine.name} ${formatFailure({ ...failed, restarts: 0 })}${again}.`, resource);
    };
}
