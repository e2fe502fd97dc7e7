import { isIPv6 } from "net";

/** An address and a port as one text: `127.0.0.1:8000`, `[::1]:8000`. */
export function formatEndpoint(ip: string, port: number): string {
    return isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}
