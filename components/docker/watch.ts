import type Docker from "dockerode";
import { Watch } from "../observing/watch";

/** What all parts of the observing of containers share. */
export interface DockerWatch extends Watch {
    docker: Docker;
    /** Which session it is, as its labels say. */
    identity: string;
}
