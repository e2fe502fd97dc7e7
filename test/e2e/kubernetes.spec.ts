import assert from "node:assert/strict";
import * as path from "path";
import { kubernetes, oneJob } from "./support/backends";
import { selectorOf } from "./support/cluster";
import { giveKubeconfig, inviteGuest, limitPods, makeNamespace, removeNamespaces } from "./support/clusterGuest";
import { onKubernetes, onlyOn } from "./support/columns";
import { employs, pool } from "./support/pool";
import { TestSession, ask, destroySessions, idle, inHome, serve, small } from "./support/session";
import { projectFolder } from "./support/stack";

onKubernetes("a namespace", function (backend, itOnce) {
    afterEach(async () => {
        await destroySessions();
        await removeNamespaces(backend.site);
    });

    it("that has room for few Pods makes up fail, with the quota's name", async () => {
        const namespace = await makeNamespace(backend.site);
        await limitPods(backend.site, namespace, 2);
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...idle, n: 3 },
            kubernetes: { namespace },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /exceeded quota: few/);
        assert.doesNotMatch(run.output, /--replace/);
        const remedy = /The cluster starts them by itself as soon as there is room/;
        assert.equal(remedy.test(run.output), backend === oneJob, run.output);
        assert.ok(run.seconds < 30, `after ${run.seconds} s`);
    });

    itOnce("that admits nothing but restricted Pods takes a session of the default image", async () => {
        const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
        const namespace = await makeNamespace(backend.site, labels);
        const session = await TestSession.create(backend, {
            project: "examples/hello-python",
            master: { ...small, script: "master.py", ports: [6000] },
            workers: { ...small, script: "worker.py", n: 2 },
            wait: "completed",
            kubernetes: { namespace },
        });
        await session.up();
    });

    itOnce(
        "that chooses the user of each Pod, as OpenShift does, gives a program of the default image a home and a name",
        async () => {
            const session = await TestSession.create(backend, {
                master: { ...small, command: inHome },
                workers: { ...small, command: inHome, n: 1 },
                wait: "completed",
                kubernetes: { pods: { runAsUser: 1_000_650_000, runAsGroup: 0 } },
            });
            await session.up();
            const { workers } = await session.stack.outputs();
            assert.equal(workers[0].logs, "1000650000\n/home/cdsw cdsw written\n");
        },
    );

    it("is all that one needs rights in", async () => {
        const namespace = await makeNamespace(backend.site);
        const config = (n: number) => ({
            project: "examples/hello-python",
            master: serve,
            workers: { ...idle, n },
            kubernetes: { namespace },
        });
        const session = await TestSession.create(backend, config(1));
        giveKubeconfig(session, await inviteGuest(backend.site, namespace));
        await session.up();
        session.configure(config(2));
        await session.up();
        assert.deepEqual([...(await session.engines()).keys()].sort(), ["master", "worker-1", "worker-2"]);
        await session.assertAtRest();
    });

    itOnce("without the right to output runs a session, with one warning", async () => {
        const namespace = await makeNamespace(backend.site);
        const workers = { ...ask, n: 2 };
        const session = await TestSession.create(backend, {
            master: serve,
            workers,
            wait: "completed",
            kubernetes: { namespace },
        });
        giveKubeconfig(session, await inviteGuest(backend.site, namespace, "pods/log"));
        const { output } = await session.up();
        const warnings = output.match(/^ +warning: What the engines print is not shown: .* HTTP 403: .*pods\/log/gm);
        assert.equal(warnings?.length, 1, output);
    });

    itOnce("of the session's own comes and goes with it", async () => {
        const session = await TestSession.create(backend, {
            project: "examples/hello-python",
            master: serve,
            workers: { ...ask, n: 1 },
            wait: "completed",
            kubernetes: { createNamespace: true },
        });
        await session.up();
        const labelSelector = selectorOf(session.stack.identity());
        const { items } = await backend.site.core.listNamespace({ labelSelector });
        assert.equal(items.length, 1);
        const { pod } = (await session.engines()).get("worker-1")!;
        assert.equal(pod.metadata!.namespace, items[0]!.metadata!.name);
    });
});

onlyOn(kubernetes, "an explicit provider", function (backend) {
    const token = "a-secret-token-of-the-tests";
    let session: TestSession<typeof backend.site>;
    let output: string;

    before(async () => {
        const code = `import hashlib, os\nprint(hashlib.sha256(os.environ["TOKEN"].encode()).hexdigest())`;
        const config = {
            kubeconfig: backend.site.config.exportConfig(),
            token,
            master: serve,
            workers: { ...small, code, n: 2 },
            wait: "completed",
        };
        session = await TestSession.create(backend, config, path.join(__dirname, "programs/explicit-cluster"));
        session.stack.environment.KUBECONFIG = "/nowhere";
        output = (await session.up()).output;
    });
    after(destroySessions);

    it("is where the session runs and where it is watched, whatever KUBECONFIG says", async () => {
        assert.equal((await session.engines()).size, 3);
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ status }: any) => status),
            ["succeeded", "succeeded"],
        );
    });

    it("has secret values travel in a Secret alone", async () => {
        const { workers } = await session.stack.outputs();
        assert.match(workers[0].logs, /^[0-9a-f]{64}\n$/);
        const labelSelector = selectorOf(session.stack.identity());
        const { items } = await backend.site.core.listSecretForAllNamespaces({ labelSelector });
        assert.deepEqual(
            items.map(({ data }) => Buffer.from(data!.TOKEN!, "base64").toString()),
            [token],
        );
        const { pod } = (await session.engines()).get("worker-1")!;
        const state = JSON.stringify(await session.stack.resources());
        for (const text of [JSON.stringify(pod), state, output]) {
            assert.ok(!text.includes(token) && !text.includes(Buffer.from(token).toString("base64")));
        }
    });

    it("has nothing to do a second time", () => session.assertAtRest());
});

onKubernetes("the Pods of a session", function (backend, itOnce) {
    let session: TestSession<typeof backend.site>;

    before(async () => {
        session = await TestSession.create(backend, {
            master: serve,
            workers: { ...idle, n: 1 },
            kubernetes: {
                clusterDomain: "k8s.example.com",
                pods: { sharedMemory: 0.0625, labels: { team: "blue" } },
                workerPods: { labels: { team: "red" } },
            },
        });
        await session.up();
    });
    after(destroySessions);

    itOnce("have as much shared memory as they are given", async () => {
        for (const name of ["master", "worker-1"]) {
            assert.equal(await session.shell(name, "df -m /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"), "64");
        }
    });

    itOnce("search for names in the cluster's domain, besides where every Pod does", async () => {
        for (const name of ["master", "worker-1"]) {
            const search = await session.shell(name, "grep ^search /etc/resolv.conf");
            const { metadata, spec } = (await session.engines()).get(name)!.pod;
            assert.ok(search.endsWith(` ${spec!.subdomain}.${metadata!.namespace}.svc.k8s.example.com`), search);
        }
    });

    itOnce("have the labels that they are given beside the session's own", async () => {
        const engines = await session.engines();
        const teams = ["master", "worker-1"].map((name) => engines.get(name)!.pod.metadata!.labels!.team);
        assert.deepEqual(teams, ["blue", "red"]);
    });

    itOnce("have no token for the cluster", async () => {
        assert.equal(await session.shell("worker-1", "ls /var/run/secrets/kubernetes.io 2>/dev/null"), "");
    });
});

onKubernetes("an object that was deleted outside Pulumi", function (backend, itOnce) {
    let session: TestSession<typeof backend.site>;

    before(async () => {
        session = await TestSession.create(backend, { master: employs("time.sleep(3600)"), workers: pool(1) });
        await session.up();
    });
    after(destroySessions);

    itOnce("is recreated by the next up where it is the NetworkPolicy, and no engine with it", async () => {
        const before = await session.ids();
        await backend.site.removeOthers("NetworkPolicy", session.stack.identity());
        const run = await session.up();
        assert.match(run.output, /\+-1 replaced/);
        assert.deepEqual(await session.ids(), before);
        await session.assertAtRest();
    });

    itOnce("is recreated by the next up where it is a Secret, with the engines that need it", async () => {
        const key = await session.shell("worker-1", "echo $CDSW_SESSION_KEY");
        await backend.site.removeOthers("Secret", session.stack.identity());
        await session.up();
        assert.equal(await session.shell("worker-1", "echo $CDSW_SESSION_KEY"), key);
        await session.assertAtRest();
    });
});

onKubernetes("a worker whose Pod cannot end", function (backend) {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("does not hold up destroy, and is the only thing left until it can", async () => {
        const session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 2 } });
        await session.up();
        const { name, namespace } = (await session.engines()).get("worker-1")!.pod.metadata!;
        const patch = (finalizers: string[]) =>
            backend.site.core.patchNamespacedPod({
                name: name!,
                namespace: namespace!,
                body: [{ op: "add", path: "/metadata/finalizers", value: finalizers }],
            });
        await patch(["example.com/held"]);
        try {
            const run = await session.stack.destroy();
            assert.equal(run.exitCode, 0, run.output);
            assert.ok(run.seconds < 30, `after ${run.seconds} s`);
        } finally {
            await patch([]);
        }
        assert.deepEqual(await session.leftovers(), []);
    });
});

onlyOn(kubernetes, "the namespace of a session", function (backend) {
    afterEach(destroySessions);

    it("that does not exist is named before anything is created, in a preview too", async () => {
        const namespace = "distributed-session-test-nowhere";
        const config = { master: idle, workers: { ...idle, n: 1 }, kubernetes: { namespace } };
        const session = await TestSession.create(backend, config);
        for (const run of [await session.stack.preview(), await session.failToComeUp()]) {
            assert.notEqual(run.exitCode, 0, run.output);
            assert.match(
                run.output,
                /kubernetes\.namespace: "distributed-session-test-nowhere" does not exist .*kubectl create namespace distributed-session-test-nowhere.*createNamespace/,
            );
            assert.doesNotMatch(run.output, /core\/v1:Service/);
        }
    });

    it("that the same program creates is there in time", async () => {
        const namespace = `distributed-session-test-own-${Date.now()}`;
        const program = path.join(projectFolder, "test/e2e/programs/own-namespace");
        const session = await TestSession.create(backend, { namespace }, program);
        const preview = await session.stack.preview();
        assert.equal(preview.exitCode, 0, preview.output);
        await session.up();
    });
});

onlyOn(kubernetes, "credentials that a cluster does not accept", function (backend) {
    afterEach(async () => {
        await destroySessions();
        await removeNamespaces(backend.site);
    });

    it("end up and a preview, with the remedy", async () => {
        const namespace = await makeNamespace(backend.site);
        const guest = await inviteGuest(backend.site, namespace);
        const session = await TestSession.create(backend, { master: idle, workers: { ...idle, n: 1 } });
        giveKubeconfig(session, guest.replace(/("?token"?: *"?)[^\s",}]+/, "$1expired"));
        for (const run of [await session.stack.preview(), await session.failToComeUp()]) {
            assert.notEqual(run.exitCode, 0, run.output);
            assert.match(run.output, /does not accept the credentials of the kubeconfig .*Log in to the cluster again/);
        }
    });
});
