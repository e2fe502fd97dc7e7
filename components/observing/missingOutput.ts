import * as pulumi from "@pulumi/pulumi";
import { warn } from "../program/console";

/** Reports output that cannot be followed: as debug output each time, and as one warning a session. */
export class MissingOutput {
    private hasWarned = false;

    constructor(
        private readonly session: pulumi.Resource,
        /** A sentence around the words of the daemon or the API server. */
        private readonly explain: (error: unknown) => string,
    ) {}

    report(engine: string, error: unknown): void {
        const reason = this.explain(error);
        void pulumi.log.debug(`The output of ${engine} cannot be followed: ${reason}`, this.session);
        // What keeps one output from being read mostly keeps all.
        if (!this.hasWarned) {
            this.hasWarned = true;
            void warn(`What the engines print is not shown: ${reason}`, this.session);
        }
    }
}
