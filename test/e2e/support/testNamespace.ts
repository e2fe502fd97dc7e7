import * as crypto from "crypto";
import { ApiServer, Manifest } from "./apiServer";
import { eventually } from "./eventually";

const startMs = 30_000;
const removeMs = 120_000;

/** A namespace of a test's own. */
export class TestNamespace {
    private constructor(
        readonly api: ApiServer,
        private readonly manifest: Manifest,
    ) {}

    /** Makes one, with labels such as those of pod security. */
    static async create(labels: Record<string, string> = {}): Promise<TestNamespace> {
        const name = `distributed-session-test-${crypto.randomBytes(4).toString("hex")}`;
        const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
        const api = await ApiServer.open();
        const { status, body } = await api.create(manifest);
        if (status !== 201) {
            throw new Error(`The namespace ${name} cannot be made: ${body.message}`);
        }
        // No Pod can be made before.
        const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } };
        await eventually("the default service account", startMs, () => api.has(account));
        return new TestNamespace(api, manifest);
    }

    get name(): string {
        return this.manifest.metadata.name!;
    }

    /** Makes an object in it that needs nothing but a name. */
    async add(apiVersion: string, kind: string, name: string): Promise<void> {
        await this.api.create({ apiVersion, kind, metadata: { name, namespace: this.name } });
    }

    /** Removes it with all that is in it. */
    async remove(): Promise<void> {
        await this.api.delete(this.manifest);
        await eventually(`the end of ${this.name}`, removeMs, async () => !(await this.api.has(this.manifest)));
    }
}
