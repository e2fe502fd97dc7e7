import { isIPv6 } from "net";
import { Endpoint } from "./model/outputs";

/** Where a port of the master is reached from outside the session. */
export interface PublishedPlace {
    port: number;
    /** `host:port`. */
    place: string;
}

/** An address and a port as one text: `127.0.0.1:8000`, `[::1]:8000`. */
export function formatEndpoint(host: string, port: number): string {
    return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The endpoints for ports of the master; a port that has several places is there with each. */
export function endpointsOf(ports: readonly number[], ip: string, places: readonly PublishedPlace[]): Endpoint[] {
    return ports.flatMap((port) => {
        const endpoint = { port, address: formatEndpoint(ip, port) };
        const own = places.filter((each) => each.port === port);
        return own.length === 0 ? [endpoint] : own.map(({ place }) => ({ ...endpoint, published: place }));
    });
}
