import type { V1Service } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { kubernetes } from "./support/backends";
import { Cluster, publishedService } from "./support/cluster";
import { reachesFromPod, whyNoPolicies } from "./support/clusterNetwork";
import { onlyOn } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, idle, serve } from "./support/session";
import { skip } from "./support/skipping";

onlyOn(kubernetes, "published ports of a session on a cluster", function (backend) {
    const config = { master: serve, workers: { ...idle, n: 1 } };
    const notebook = { access: "notebook" };
    let session: TestSession<typeof backend.site>;

    before(async () => {
        session = await TestSession.create(backend, config);
        await session.up();
    });
    after(destroySessions);

    it("change no engine when they, their Service's type or who may come in change", async () => {
        const ids = await session.ids();
        const { masterIp } = await session.stack.outputs();
        const { pod } = (await session.engines()).get("master")!;
        const publish = [{ port: 6000 }, { port: 4040 }];
        const access = [{ podLabels: notebook }];
        for (const [published, serviceType, peers] of [
            [publish, "NodePort", [{ cidr: "192.168.7.0/24" }]],
            [publish.slice(0, 1), "ClusterIP", access],
        ] as const) {
            session.configure({ ...config, publish: published, kubernetes: { serviceType, access: peers } });
            const { output } = await session.up();
            assert.doesNotMatch(output, /replaced|deleted/);
            assert.deepEqual(await session.ids(), ids);
            const service = await publishedService(backend.site, session.stack.identity());
            assert.deepEqual(await addressesBehind(backend.site, service), [masterIp]);
            const host = serviceType === "NodePort" ? pod.status!.hostIP : `${nameOf(service)}.svc.cluster.local`;
            const { endpoints } = await session.stack.outputs();
            const places = service.spec!.ports!.map(({ port, nodePort = port }) => [port, `${host}:${nodePort}`]);
            assert.deepEqual(
                endpoints.map(({ port, published: place }: any) => [port, place]),
                places,
            );
        }
        const preview = await session.stack.previewNothing("--refresh");
        assert.equal(preview.exitCode, 0, preview.output);
    });

    it("are reached through their Service by who may come in, and by nobody else", async function () {
        const reason = await whyNoPolicies(backend.site);
        if (reason !== undefined) {
            return skip(this, reason);
        }
        const { metadata, spec } = await publishedService(backend.site, session.stack.identity());
        const call = { namespace: metadata!.namespace!, host: spec!.clusterIP!, port: 6000 };
        assert.equal(await reachesFromPod(backend.site, { ...call, labels: notebook }), true);
        assert.equal(await reachesFromPod(backend.site, { ...call, labels: { access: "other" } }), false);
    });
});

function nameOf({ metadata }: V1Service): string {
    return `${metadata!.name}.${metadata!.namespace}`;
}

/** The addresses of the Pods that a Service leads to, once there are some. */
async function addressesBehind({ core }: Cluster, { metadata }: V1Service): Promise<string[]> {
    const where = { name: metadata!.name!, namespace: metadata!.namespace! };
    return eventually("an address behind the Service", 10_000, async () => {
        const { subsets = [] } = await core.readNamespacedEndpoints(where);
        const addresses = subsets.flatMap(({ addresses: ready = [] }) => ready.map(({ ip }) => ip));
        return addresses.length > 0 ? addresses : undefined;
    });
}
