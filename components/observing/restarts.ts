import * as pulumi from "@pulumi/pulumi";
import { Sighting, sayFailure } from "./verdict";
import { CreatedEngine } from "./watch";

/** Tells, under its resource, that an engine has failed and is started again. */
export class Restarts {
    private readonly engines = new Map<string, CreatedEngine>();

    know(created: CreatedEngine): void {
        this.engines.set(created.id, created);
    }

    readonly tell = (id: string, failed: Sighting): void => {
        const { engine, resource } = this.engines.get(id)!;
        const count = engine.restarts === Infinity ? "" : ` (${failed.restarts} of ${engine.restarts})`;
        const text = `${engine.name} ${sayFailure({ ...failed, restarts: 0 })}, and is started again${count}.`;
        void pulumi.log.warn(text, resource);
    };
}
