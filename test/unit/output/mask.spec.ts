import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Mask } from "../../../components/output/mask";
import { CreatedEngine } from "../../../components/observing/runtime";
import { PlannedEngine, planSession } from "../../../components/model/plan";
import { sessionArgs } from "../../helpers/session";

function maskOf(...secrets: string[]): Mask {
    const mask = new Mask();
    mask.hide(secrets);
    return mask;
}

describe("a mask over what engines print", () => {
    it("hides every secret wherever it stands", () => {
        assert.equal(
            maskOf("hunter2", "s3cr3t").apply("a hunter2, hunter2\nand s3cr3t"),
            "a [secret], [secret]\nand [secret]",
        );
    });

    it("hides a secret as a whole, of which another is a part", () => {
        assert.equal(maskOf("abc", "abcdef").apply("abcdef abc"), "[secret] [secret]");
    });

    it("hides each line of a secret that has many", () => {
        assert.equal(maskOf("first line\nsecond line\n").apply("second line"), "[secret]");
    });

    it("takes a secret for a text, and not for a pattern", () => {
        assert.equal(maskOf("a.c$&").apply("abc a.c$&"), "abc [secret]");
    });

    it("leaves what is too short to be a secret", () => {
        assert.equal(maskOf("1", "", "  ", "\n").apply("1 of 10\n"), "1 of 10\n");
    });
});

describe("the secrets of an engine", () => {
    async function masked(env: pulumi.Input<Record<string, pulumi.Input<string>>>, text: string): Promise<string> {
        await pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
            call: ({ inputs }) => inputs as object,
        });
        const { master } = planSession("s", sessionArgs({ master: { env } }));
        const mask = new Mask();
        await mask.learn({ engine: master } as { engine: PlannedEngine } as CreatedEngine);
        return mask.apply(text);
    }

    it("are the secret values of its environment, and no others", async () => {
        const env = { TOKEN: pulumi.secret("hunter2"), URL: pulumi.output("http://here"), NAME: "plain" };
        assert.equal(await masked(env, "hunter2 http://here plain"), "[secret] http://here plain");
    });

    it("are all values of an environment that is secret as a whole", async () => {
        const env = pulumi.secret({ TOKEN: "hunter2", OTHER: "s3cr3t" });
        assert.equal(await masked(env, "hunter2 s3cr3t"), "[secret] [secret]");
    });

    it("are found in an environment that comes as a whole", async () => {
        const env = pulumi.output({ TOKEN: pulumi.secret("hunter2"), PLAIN: "plain" });
        assert.equal(await masked(env, "hunter2"), "[secret]");
    });
});
