import type { Docker } from "../dockerode";
import { Watch } from "../../observing/runtime";

/** What all parts of the observing of containers share. */
export interface DockerWatch extends Watch {
    docker: Docker;
    /** The host's clock at the start, in ms: a container that was started later is of this `up`. */
    hostTime: number;
    /** Which session it is, as its labels say. */
    identity: string;
    /** The ranks of the workers that are there and are made anew. */
    recreated: ReadonlySet<number>;
}
