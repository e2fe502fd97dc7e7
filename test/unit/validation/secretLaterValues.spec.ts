import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { PartialArgs, deploySession } from "../../helpers/session";

/** The error of a session whose arguments hold this, as the user reads it. */
async function errorOf(changes: PartialArgs): Promise<string> {
    const failure = await deploySession(changes).then(
        () => undefined,
        (error: Error) => error,
    );
    return failure!.message;
}

describe("a secret that is wrong", () => {
    const secret = <T>(value: T): any => pulumi.secret(value);
    const cases: [string, PartialArgs, string][] = [
        [
            "a value of an environment",
            { master: { env: { PIN: secret(90210777) } } },
            "master.env.PIN: [secret] (number)",
        ],
        [
            "a whole environment",
            { master: { env: secret({ PIN: 90210777 }) } },
            "master.env.PIN: [secret] (number) is not a string; quote it",
        ],
        [
            "a name in an environment",
            { master: { env: secret({ "tok-90210777": "x" }) } },
            "master.env: [secret] (string) is not a name of letters",
        ],
        [
            "a command line",
            { workers: { command: secret("serve --token 90210777") } },
            "workers.command: [secret] (string)",
        ],
        [
            "an argument",
            { workers: { command: ["a", secret({ token: 90210777 })] } },
            "workers.command[1]: [secret] (object)",
        ],
        ["an image", { workers: { image: secret("90210777 x") } }, "workers.image: [secret] (string)"],
        ["a size", { workers: { cpu: secret(90210777) } }, "workers.cpu: [secret] (number)"],
        ["a code", { workers: { command: undefined, code: secret([90210777]) } }, "workers.code: [secret] (list)"],
    ];
    for (const [what, changes, text] of cases) {
        it(`is named by its property and type, and not shown, in ${what}`, async () => {
            const message = await errorOf(changes);
            assert.ok(message.includes(text), message);
            assert.ok(!message.includes("90210777"), message);
        });
    }

    it("is shown where it is no secret", async () => {
        assert.match(await errorOf({ workers: { cpu: pulumi.output(90210777) } }), /workers\.cpu: 90210777 is not/);
    });
});
