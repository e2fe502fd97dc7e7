import assert from "node:assert/strict";
import * as fc from "fast-check";
import { listeningPorts } from "../../../../components/docker/runtime/inside/listening";
import { demultiplex } from "../../../../components/docker/runtime/logs";
import { readRoutes } from "../../../../components/docker/runtime/preflight/subnets";
import { frame } from "../../../helpers/frames";

/** Lines of columns, some of which are well formed. */
const table = fc
    .array(
        fc.array(fc.oneof(fc.string(), fc.constantFrom("0A", "0:0", "a:1770", "0000000A", "000000FF")), {
            maxLength: 12,
        }),
    )
    .map((lines) => lines.map((line) => line.join("\t")).join("\n"));

describe("text of any kind", () => {
    it("is a table of sockets without an exception", () => {
        fc.assert(
            fc.property(table, (text) => {
                assert.ok(listeningPorts(text) instanceof Set);
            }),
            { numRuns: 500 },
        );
    });

    it("is a table of routes without an exception", () => {
        fc.assert(
            fc.property(table, (text) => {
                assert.ok(Array.isArray(readRoutes(text)));
            }),
            { numRuns: 500 },
        );
    });

    it("comes out of its frames as it went in", () => {
        const pieces = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.constantFrom(1 as const, 2 as const)));
        fc.assert(
            fc.property(pieces, (all) => {
                const raw = Buffer.concat(all.map(([text, stream]) => frame(text, stream)));
                assert.equal(demultiplex(raw), all.map(([text]) => text).join(""));
            }),
        );
    });

    it("comes out of bytes that are no frames without an exception", () => {
        fc.assert(fc.property(fc.uint8Array(), (bytes) => void demultiplex(Buffer.from(bytes))));
    });
});
