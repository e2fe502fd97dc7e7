import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DistributedSessionArgs } from "../../../components";
import { validate } from "../../../components/validation/validate";
import { problemsOf, projectOf } from "../../helpers/problems";
import { sessionArgs } from "../../helpers/session";

const given = (kubernetes: unknown) => problemsOf({ backend: "kubernetes", kubernetes });

const properties =
    "namespace, createNamespace, kubeconfig, context, workers, scheduleTimeoutSeconds, clusterDomain, projectVolume, pods, masterPod, workerPods";
const podProperties =
    "labels, annotations, nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName, serviceAccountName, serviceAccountToken, imagePullSecrets, imagePullPolicy, runtimeClassName, schedulerName, requests, sharedMemory, runAsUser, runAsGroup, fsGroup, runAsNonRoot";
const text = "a non-empty string";
const yesOrNo = "true or false";
const number = "a whole number from 0 to 2147483647";
const gib = "a number of GiB from 1/1024 (1 MiB) to 1000000";
const cores = "a number of cores from 0.001 to 10000";
const labelName = 'a name as Kubernetes takes it, such as "example.com/team"';
const labelValue = "a label's value: at most 63 letters, digits, -, _ and .";

for (const pods of ["pods", "masterPod", "workerPods"]) {
    describe(`kubernetes.${pods}`, () => {
        const at = `kubernetes.${pods}`;
        const table: [unknown, string[]][] = [
            ["x", [`${at}: "x" is not an object`]],
            [{ image: "x" }, [`${at}.image: unknown property; expected one of ${podProperties}`]],
            [{ labels: [] }, [`${at}.labels: [] is not a plain object of names and values`]],
            [{ labels: { "a b": "x" } }, [`${at}.labels["a b"]: "a b" is not ${labelName}`]],
            [{ labels: { "": "x" } }, [`${at}.labels[""]: "" is not ${labelName}`]],
            [{ labels: { "a\nb": "x" } }, [`${at}.labels["a\\nb"]: "a\\nb" is not ${labelName}`]],
            [{ labels: { "a/b/c": "x" } }, [`${at}.labels["a/b/c"]: "a/b/c" is not ${labelName}`]],
            [{ labels: { "A_/b": "x" } }, [`${at}.labels["A_/b"]: "A_/b" is not ${labelName}`]],
            [{ labels: { a: "-" } }, [`${at}.labels["a"]: "-" is not ${labelValue}`]],
            [{ labels: { a: "x".repeat(64) } }, [`${at}.labels["a"]: "${"x".repeat(64)}" is not ${labelValue}`]],
            [{ labels: { a: 1 } }, [`${at}.labels["a"]: 1 is not ${labelValue}`]],
            ...["app.kubernetes.io/name", "distributed-session.rank", "pulumi.com/skipAwait"].map(
                (label): [unknown, string[]] => [
                    { labels: { [label]: "x" } },
                    [`${at}.labels["${label}"]: "${label}" is set by the session itself; choose another name`],
                ],
            ),
            [{ annotations: "x" }, [`${at}.annotations: "x" is not a plain object of names and values`]],
            [{ annotations: { a: 1 } }, [`${at}.annotations["a"]: 1 is not a string; quote it`]],
            [{ annotations: { "a b": "" } }, [`${at}.annotations["a b"]: "a b" is not ${labelName}`]],
            [
                { annotations: { "pulumi.com/waitFor": "x" } },
                [
                    `${at}.annotations["pulumi.com/waitFor"]: "pulumi.com/waitFor" is set by the session itself; choose another name`,
                ],
            ],
            [{ nodeSelector: { disk: true } }, [`${at}.nodeSelector["disk"]: true is not ${labelValue}`]],
            [{ tolerations: {} }, [`${at}.tolerations: {} is not a list`]],
            [{ affinity: [] }, [`${at}.affinity: [] is not an object`]],
            [{ topologySpreadConstraints: "x" }, [`${at}.topologySpreadConstraints: "x" is not a list`]],
            [{ priorityClassName: "" }, [`${at}.priorityClassName: "" is not ${text}`]],
            [{ serviceAccountName: 1 }, [`${at}.serviceAccountName: 1 is not ${text}`]],
            [{ serviceAccountToken: "no" }, [`${at}.serviceAccountToken: "no" is not ${yesOrNo}`]],
            [{ imagePullSecrets: "x" }, [`${at}.imagePullSecrets: "x" is not a list`]],
            [
                { imagePullPolicy: "always" },
                [`${at}.imagePullPolicy: "always" is not one of "Always", "IfNotPresent", "Never"`],
            ],
            [{ runtimeClassName: "" }, [`${at}.runtimeClassName: "" is not ${text}`]],
            [{ schedulerName: null }, [`${at}.schedulerName: null is not ${text}`]],
            [{ requests: 1 }, [`${at}.requests: 1 is not an object`]],
            [
                { requests: { cpu: 0, memory: 0.0001, gpu: 1 } },
                [
                    `${at}.requests.gpu: unknown property; expected one of cpu, memory`,
                    `${at}.requests.cpu: 0 is not ${cores}`,
                    `${at}.requests.memory: 0.0001 is not ${gib}`,
                ],
            ],
            [{ requests: { cpu: 10_001 } }, [`${at}.requests.cpu: 10001 is not ${cores}`]],
            [{ requests: { memory: 1_000_001 } }, [`${at}.requests.memory: 1000001 is not ${gib}`]],
            [{ sharedMemory: 0 }, [`${at}.sharedMemory: 0 is not ${gib}`]],
            [{ runAsUser: -1 }, [`${at}.runAsUser: -1 is not ${number}`]],
            [{ runAsGroup: 1.5 }, [`${at}.runAsGroup: 1.5 is not ${number}`]],
            [{ fsGroup: 2 ** 31 }, [`${at}.fsGroup: 2147483648 is not ${number}`]],
            [{ runAsNonRoot: 1 }, [`${at}.runAsNonRoot: 1 is not ${yesOrNo}`]],
        ];
        for (const [options, problems] of table) {
            it(`is not ${JSON.stringify(options)}`, () => assert.deepEqual(given({ [pods]: options }), problems));
        }

        for (const options of [
            { labels: { "kueue.x-k8s.io/queue-name": "a", team: "", A_1: "x".repeat(63), "x-k8s.io/a.b": "1" } },
            { annotations: { "scheduling.k8s.io/group-name": "any text: {}", note: "" } },
            { nodeSelector: { "kubernetes.io/arch": "amd64" }, tolerations: [{}], affinity: {} },
            { requests: {}, sharedMemory: 1 / 1024, runAsUser: 0, runAsGroup: 2 ** 31 - 1, fsGroup: 0 },
            { requests: { cpu: 0.001, memory: 1 / 1024 }, imagePullPolicy: "Never", imagePullSecrets: [] },
        ]) {
            it(`may be ${JSON.stringify(options)}`, () => assert.deepEqual(given({ [pods]: options }), []));
        }
    });
}

describe("settings of the Kubernetes backend of any kind", () => {
    const pods = fc.record(Object.fromEntries(podProperties.split(", ").map((property) => [property, fc.anything()])), {
        requiredKeys: [],
    });
    const volume = fc.record(
        { claimName: fc.anything(), subPath: fc.anything(), readOnly: fc.anything() },
        { requiredKeys: [] },
    );
    const nested: Record<string, fc.Arbitrary<unknown>> = {
        pods,
        masterPod: pods,
        workerPods: pods,
        projectVolume: volume,
    };
    const options = fc.record(
        Object.fromEntries(
            properties
                .split(", ")
                .map((property) => [property, fc.oneof(nested[property] ?? fc.anything(), fc.anything())]),
        ),
        { requiredKeys: [] },
    );

    it("are reported as problems and never as an exception", () => {
        fc.assert(
            fc.property(fc.oneof(options, fc.anything()), fc.boolean(), (kubernetes, withProject) => {
                const args = { ...sessionArgs(), backend: "kubernetes", kubernetes } as DistributedSessionArgs;
                const project = withProject ? projectOf({ "a:b": 2 ** 21 }) : undefined;
                for (const { path, reason } of validate("s", args, project)) {
                    assert.match(path, /^(kubernetes|project)/);
                    assert.ok(reason.length > 0);
                }
            }),
            { numRuns: 3000 },
        );
    });

    it("are found fine as labels exactly where Kubernetes takes them", () => {
        const any = fc.oneof(fc.stringMatching(/^[-A-Za-z0-9_.]{0,70}$/), fc.string());
        fc.assert(
            fc.property(any, (value) => {
                const fits = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value) && value.length <= 63;
                assert.equal(given({ pods: { labels: { a: value } } }).length === 0, fits && !value.includes("\n"));
            }),
        );
    });
});
