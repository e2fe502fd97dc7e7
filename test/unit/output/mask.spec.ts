import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Mask } from "../../../components/output/mask";
import { planSession } from "../../../components/model/plan";
import { PartialArgs, sessionArgs } from "../../helpers/session";

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

    it("hides a secret without the blanks around it, and one with control characters in it", () => {
        assert.equal(maskOf("  hunter2 \t").apply("it is hunter2."), "it is [secret].");
        assert.equal(maskOf("hun\u0007ter2").apply("it is hun\u0007ter2."), "it is [secret].");
        assert.equal(maskOf("hunter2").apply("it is hun\u001b[0mter\u00002."), "it is [secret].");
    });

    it("leaves what is too short to be a secret", () => {
        assert.equal(maskOf("1", "", "  ", "\n").apply("1 of 10\n"), "1 of 10\n");
    });
});

describe("the secrets of a session", () => {
    before(() =>
        pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
            call: ({ inputs }) => inputs as object,
        }),
    );

    /** What is shown of a text, before any engine exists. */
    async function shown(args: PartialArgs, text: string): Promise<string> {
        const mask = new Mask();
        mask.learnAll(planSession("s", sessionArgs(args), undefined));
        await new Promise((resolve) => setTimeout(resolve, 50));
        return mask.apply(text);
    }

    it("are known before its engines exist, also where values of other engines come later", async () => {
        const never = pulumi.output(new Promise<string>(() => undefined));
        const args = { master: { env: { LATER: never } }, workers: { env: { TOKEN: pulumi.secret("hunter2") } } };
        assert.equal(await shown(args, "worker says hunter2"), "worker says [secret]");
    });

    it("are the secret arguments of a command, and no others", async () => {
        const command = ["serve", pulumi.secret("--token=tok-abcdef-12345"), "plain"];
        assert.equal(
            await shown({ workers: { code: undefined, command } }, "serve plain --token=tok-abcdef-12345"),
            "serve plain [secret]",
        );
    });

    it("are the words like passwords in code that is secret", async () => {
        const code = pulumi.secret(`import os\nlogin("tok-abcdef-12345")`);
        assert.equal(
            await shown({ workers: { command: undefined, code } }, "import os; python3; used tok-abcdef-12345"),
            "import os; python3; used [secret]",
        );
    });
});

describe("the secrets of an engine", () => {
    async function masked(
        env: pulumi.Input<Record<string, pulumi.Input<string>>>,
        text: string,
        sessionKey?: pulumi.Output<string>,
    ): Promise<string> {
        await pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
            call: ({ inputs }) => inputs as object,
        });
        const { master } = planSession("s", sessionArgs({ master: { env } }), { sessionKey });
        const mask = new Mask();
        await mask.learn({ engine: master });
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

    it("are the session's key too, which makes no secret of an environment that comes as a whole", async () => {
        const env = pulumi.output({ MODE: "train" });
        assert.equal(await masked(env, "train k3y", pulumi.secret("k3y")), "train [secret]");
    });

    it("are found in an environment that comes as a whole", async () => {
        const env = pulumi.output({ TOKEN: pulumi.secret("hunter2"), PLAIN: "plain" });
        assert.equal(await masked(env, "hunter2"), "[secret]");
    });
});
