import assert from "node:assert/strict";
import * as fc from "fast-check";
import { literal, variable } from "../../../../components/kubernetes/resources/environment";
import { expand } from "../../../helpers/kubernetes";

describe("a text that Kubernetes is given", () => {
    const variables = { A: "a", B: "$(A)" };

    it("is the same again once Kubernetes has expanded it", () => {
        const character = fc.oneof(fc.constantFrom("$", "$", "(", ")", "A", "B"), fc.string({ unit: "grapheme" }));
        const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(""));
        fc.assert(
            fc.property(text, (any) => assert.equal(expand(literal(any), variables), any)),
            { numRuns: 5000 },
        );
    });

    for (const text of ["", "a", "$", "$$", "$(A)", "$$(A)", "$(", "$((1 + 2))", '"$@"', "5$é", "a$"]) {
        it(`may be ${JSON.stringify(text)}`, () => assert.equal(expand(literal(text), variables), text));
    }

    it("is left as it is where it has no dollar sign", () => {
        assert.equal(literal("(A) ä"), "(A) ä");
    });
});

describe("a variable that Kubernetes fills in", () => {
    it("is what the container has under its name", () => {
        assert.equal(expand(variable("A"), { A: "a" }), "a");
        assert.equal(expand(variable("A"), {}), "$(A)");
    });
});
