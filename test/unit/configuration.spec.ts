import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readConfiguration } from "../../configuration";

const engines = { master: { command: ["serve"] }, workers: { n: 2, command: ["work"] } };

/** Reads a configuration in which these keys are secrets. */
function read(values: Record<string, unknown>, secrets: string[] = []) {
    const entries = Object.entries({ ...engines, ...values }).map(([key, value]) => [
        `session-program:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(
        Object.fromEntries(entries) as Record<string, string>,
        secrets.map((key) => `session-program:${key}`),
    );
    return readConfiguration(new pulumi.Config("session-program"));
}

describe("the configuration of a stack", () => {
    afterEach(() => pulumi.runtime.setAllConfig({}, []));

    it("names the session and has its arguments, all plain where nothing is a secret", () => {
        const values = {
            backend: "docker",
            wait: "completed",
            timeoutSeconds: 20,
            publish: [{ port: 80 }],
            shared: {},
            volumes: [{ path: "/data", volume: "data" }],
            docker: { pidsLimit: 64 },
        };
        const { name, args } = read({ name: "hello", ...values });
        assert.equal(name, "hello");
        assert.deepEqual(JSON.parse(JSON.stringify(args)), { ...values, ...engines });
    });

    it("describes a session without a project where it names none", () => {
        const { name, args } = read({});
        assert.equal(name, "session");
        assert.equal(args.project, undefined);
    });

    it("makes every variable, the code and the command of an engine a secret where its key is one", async () => {
        const env = { TOKEN: "abc", LANGUAGE: "C" };
        const { args } = read(
            { master: { code: "serve()", env }, workers: { n: 2, command: ["work"], joinCheck: ["check"], env } },
            ["master", "workers"],
        );
        const { code, env: own } = args.master!;
        const [{ TOKEN, LANGUAGE }, { command, joinCheck }] = [own as Record<string, unknown>, args.workers];
        for (const [value, expected] of [
            [code, "serve()"],
            [TOKEN, "abc"],
            [LANGUAGE, "C"],
            [command, ["work"]],
            [joinCheck, ["check"]],
        ]) {
            assert.ok(pulumi.Output.isInstance(value) && (await pulumi.isSecret(value)), JSON.stringify(expected));
            assert.deepEqual(await new Promise((resolve) => value.apply(resolve)), expected);
        }
        assert.equal(args.workers.n, 2);
    });

    it("has groups of workers, whose values are secrets where the key is one", async () => {
        const groups = [{ name: "gpu", n: 1, command: ["train"], env: { TOKEN: "abc" } }];
        assert.deepEqual(read({ workerGroups: groups }).args.workerGroups, groups);
        const [group] = read({ workerGroups: groups }, ["workerGroups"]).args.workerGroups!;
        const { TOKEN } = group!.env as Record<string, pulumi.Output<string>>;
        assert.ok(await pulumi.isSecret(TOKEN!));
        assert.equal(group!.name, "gpu");
        assert.equal(read({ workerGroups: "{}" }).args.workerGroups instanceof Array, false);
    });

    it("has groups of workers in the cluster of a library too, and its secrets", async () => {
        const workerGroups = [{ name: "gpu", n: 1, env: { TOKEN: "abc" } }];
        const { library, args } = read({ library: "dask", workerGroups }, ["workerGroups"]);
        assert.equal(library, "dask");
        const { name, env } = args.workerGroups![0]!;
        assert.equal(name, "gpu");
        assert.ok(await pulumi.isSecret((env as Record<string, pulumi.Output<string>>).TOKEN!));
        assert.equal(read({ library: "dask" }).args.workerGroups, undefined);
    });

    it("leaves the other engine's values plain", () => {
        const { args } = read({ workers: { n: 2, command: ["work"], env: { TOKEN: "abc" } } }, ["workers"]);
        assert.deepEqual(args.master, engines.master);
    });

    it("leaves to the component what is no engine and no environment", () => {
        assert.equal(read({ master: "[]" }, ["master"]).args.master instanceof Array, true);
        assert.ok(pulumi.Output.isInstance(read({ master: { env: ["A"] } }, ["master"]).args.master!.env));
    });

    it("refuses a secret that could not be kept one", () => {
        assert.throws(() => read({ docker: { host: "tcp://10.0.0.1:2375" } }, ["docker"]), {
            message:
                "session-program:docker is a secret, and its values cannot be kept one: " +
                "set it without --secret, and keep secrets in env, code or command of master or workers.",
        });
    });

    it("leaves it to the component to say what is wrong with a value of another kind", () => {
        const wrong = { readOnlyRoot: "yes", maxSeconds: "1h", workers: "two", docker: "" };
        const { args } = read(wrong);
        assert.deepEqual(JSON.parse(JSON.stringify(args)), { ...wrong, master: engines.master });
    });

    it("quotes no text of a secret that is of another kind", () => {
        const message = "session-program:workers is a text; give an object or a list of objects.";
        assert.throws(() => read({ workers: "s3cret" }, ["workers"]), { message });
        const pin = "session-program:workers is a number; give an object or a list of objects.";
        assert.throws(() => read({ workers: 90210 }, ["workers"]), { message: pin });
    });

    it("names an engine that is missing", () => {
        pulumi.runtime.setAllConfig({});
        const missing = {
            message: /Missing required configuration variable 'session-program:master'/,
        };
        assert.throws(() => readConfiguration(new pulumi.Config("session-program")), missing);
    });
});
