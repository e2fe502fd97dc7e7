import assert from "node:assert/strict";
import { formatEndpoint } from "../../components/endpoints";

describe("an endpoint's text", () => {
    for (const [ip, text] of [
        ["127.0.0.1", "127.0.0.1:8000"],
        ["::1", "[::1]:8000"],
        ["fe80::1%eth0", "[fe80::1%eth0]:8000"],
    ] as const) {
        it(`is ${text} for port 8000 of ${ip}`, () => assert.equal(formatEndpoint(ip, 8000), text));
    }
});
