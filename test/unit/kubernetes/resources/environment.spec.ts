import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Wiring } from "../../../../components/model/environment";
import {
    laterVariables,
    ownAddressValue,
    renderEnvironment,
} from "../../../../components/kubernetes/resources/environment";
import { EngineTemplate, PlannedEngine, planSession, workersOf } from "../../../../components/model/plan";
import { expand } from "../../../helpers/kubernetes";
import { sessionArgs } from "../../../helpers/session";

type Env = EngineTemplate["env"];

const place: Wiring = { ip: ownAddressValue, masterIp: "10.244.0.2", masterId: "s-master-1" };

function worker(env: Env = {}): PlannedEngine {
    return workersOf(planSession("s", sessionArgs({ workers: { env } }), undefined))[0]!;
}

interface Variable {
    name: string;
    value?: string;
    valueFrom?: any;
}

/** The variables of a worker as the cluster gets them. */
async function render(env: Env = {}, at = place, secret?: string): Promise<Variable[]> {
    const rendered = pulumi.output(renderEnvironment(worker(env), at, secret) as pulumi.Input<any>);
    return (await (rendered as any).promise()) as Variable[];
}

const later = (value: unknown): any => pulumi.output(Promise.resolve(value));
const fromSecret = (name: string, secret = "s-env") => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key: name } },
});

describe("the environment of a Pod", () => {
    it("has what others refer to first, and the rest in an order that is always the same", async () => {
        const names = (await render({ Z: "1", A: "2" })).map(({ name }) => name);
        assert.deepEqual(names.slice(0, 2), ["CDSW_IP_ADDRESS", "CDSW_ENGINE_ID"]);
        assert.deepEqual(names.slice(2), names.slice(2).sort());
        assert.equal(new Set(names).size, names.length);
        assert.deepEqual(await render({ A: "2", Z: "1" }), await render({ Z: "1", A: "2" }));
    });

    it("takes from the cluster what only the cluster knows", async () => {
        const [address, id] = await render();
        assert.deepEqual(address, {
            name: "CDSW_IP_ADDRESS",
            valueFrom: { fieldRef: { fieldPath: "status.podIP" } },
        });
        assert.deepEqual(id, { name: "CDSW_ENGINE_ID", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } });
    });

    it("lets a master's address be its own, filled in when it starts", async () => {
        const variables = await render({}, { ip: ownAddressValue, masterIp: ownAddressValue });
        for (const name of ["CML_MASTER_IP", "CDSW_MASTER_IP", "MASTER_ADDR"]) {
            const { value } = variables.find((each) => each.name === name)!;
            assert.equal(expand(value!, { CDSW_IP_ADDRESS: "10.244.0.9" }), "10.244.0.9");
        }
    });

    it("gives the user's values as they are, whatever is in them", async () => {
        const value = fc.oneof(fc.string(), fc.constantFrom("$(CDSW_IP_ADDRESS)", "$(RANK)", "$$(A)", "$ä"));
        const property = fc.asyncProperty(value, async (any) => {
            const found = (await render({ MINE: any })).find(({ name }) => name === "MINE");
            assert.equal(expand(found!.value!, { CDSW_IP_ADDRESS: "10.244.0.9", RANK: "1" }), any);
        });
        await fc.assert(property, { numRuns: 200 });
    });

    it("gives the user's thread count and not the session's, once", async () => {
        const found = (await render({ OMP_NUM_THREADS: "7" })).filter(({ name }) => name === "OMP_NUM_THREADS");
        assert.deepEqual(found, [{ name: "OMP_NUM_THREADS", value: "7" }]);
    });

    it("takes the user's values that come later from the Secret, and has the others itself", async () => {
        const variables = await render({ TOKEN: later("hush"), A: "1" }, place, "s-env");
        assert.deepEqual(variables.at(-1), fromSecret("TOKEN"));
        assert.ok(variables.some(({ name, value }) => name === "A" && value === "1"));
    });

    it("takes all of the user's environment from the Secret where it comes later as a whole", async () => {
        const variables = await render(later({ B: "1", A: "2", OMP_NUM_THREADS: "7" }), place, "s-env");
        const names = ["A", "B", "OMP_NUM_THREADS"];
        assert.deepEqual(
            variables.slice(-3),
            names.map((name) => fromSecret(name)),
        );
        assert.equal(variables.filter(({ name }) => name === "OMP_NUM_THREADS").length, 1);
    });

    it("is no secret itself, though the values are", async () => {
        const env = pulumi.secret({ TOKEN: "hush" });
        const rendered = pulumi.output(renderEnvironment(worker(env), place, "s-env") as pulumi.Input<any>);
        assert.equal(await pulumi.isSecret(rendered), false);
        assert.ok(!JSON.stringify(await (rendered as any).promise()).includes("hush"));
    });
});

describe("the variables that come later", () => {
    it("are none where all are there", () => assert.equal(laterVariables(worker({ A: "1" }).template), undefined));
    it("are none where there is no environment", () => assert.equal(laterVariables(worker().template), undefined));

    it("are those that are not there, and nothing else", () => {
        const token = later("hush");
        assert.deepEqual(Object.entries(laterVariables(worker({ A: "1", TOKEN: token }).template)!), [
            ["TOKEN", token],
        ]);
    });

    it("are the whole environment where that comes later", () => {
        const env = later({ A: "1" });
        assert.equal(laterVariables(worker(env).template), env);
    });
});
