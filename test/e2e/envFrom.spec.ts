import assert from "node:assert/strict";
import { makeNamespace, removeNamespaces } from "./support/clusterGuest";
import { onKubernetes } from "./support/columns";
import { TestSession, destroySessions, serve, small } from "./support/session";

onKubernetes("an environment from a Secret and a ConfigMap of the namespace", function (backend, itOnce) {
    const token = "hidden-from-everyone";
    let namespace: string;
    let session: TestSession<typeof backend.site>;

    const print = `import os\nprint(*(os.environ[name] for name in ["TOKEN", "APP_REGION", "BOTH"]), flush=True)\n`;
    const config = (secretName: string, prefix = "APP_") => ({
        master: { ...serve, code: print + serve.code, env: { BOTH: "of-env" } },
        workers: { ...small, code: print, n: 1, env: { BOTH: "of-env" } },
        wait: "completed",
        kubernetes: { namespace, envFrom: [{ secretName }, { configMapName: "settings", prefix }] },
    });
    before(async () => {
        const { core } = backend.site;
        namespace = await makeNamespace(backend.site);
        const stringData = { TOKEN: token, BOTH: "of-the-secret" };
        await core.createNamespacedSecret({ namespace, body: { metadata: { name: "token" }, stringData } });
        const data = { REGION: "north" };
        await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "settings" }, data } });
        session = await TestSession.create(backend, config("none"));
    });
    after(async () => {
        await destroySessions();
        await removeNamespaces(backend.site);
    });

    itOnce("is refused in a preview where one does not exist", async () => {
        const { output, exitCode } = await session.stack.preview();
        assert.notEqual(exitCode, 0, output);
        assert.match(
            output,
            /kubernetes\.envFrom\[0\]\.secretName: the Secret "none" does not exist in this namespace/,
        );
    });

    it("reaches every engine, below env, and its secret values are in no output and no state", async () => {
        session.configure(config("token"));
        const { output } = await session.up();
        assert.match(output, /session-master .*\[secret\] north of-env/);
        const { workers } = await session.stack.outputs();
        assert.equal(workers[0].logs, "[secret] north of-env\n");
        const state = await session.stack.pulumi("stack", "export");
        for (const text of [output, state.output]) {
            assert.ok(!text.includes(token) && !text.includes(Buffer.from(token).toString("base64")), text);
        }
    });

    it("replaces the engines when it names something else", async () => {
        session.configure(config("token", "OTHER_"));
        const { output, exitCode } = await session.stack.preview();
        assert.equal(exitCode, 0, output);
        assert.match(output, /Resources:[^]* \+-2 to replace/);
    });
});
