import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";
import { PartialArgs } from "../../helpers/session";

function problems(changes: PartialArgs): string[] {
    return problemsOf({ backend: "kubernetes", ...changes });
}

describe("what is asked of the scheduler", () => {
    it("may be as much as the limit, given or by default", () => {
        const pods = { requests: { cpu: 1, memory: 0.5 } };
        assert.deepEqual(problems({ kubernetes: { pods }, master: { memory: 0.5 }, workers: { memory: 2 } }), []);
    });

    it("may not be more, for either role", () => {
        assert.deepEqual(problems({ kubernetes: { pods: { requests: { cpu: 2 } } }, workers: { cpu: 0.5 } }), [
            "kubernetes.pods.requests.cpu: 2 is more than master.cpu, which is 1; a request may be at most the limit",
            "kubernetes.pods.requests.cpu: 2 is more than workers.cpu, which is 0.5; a request may be at most the limit",
        ]);
    });

    it("is what the options of the role say, where both do", () => {
        const kubernetes = {
            pods: { requests: { memory: 8 } },
            masterPod: { requests: { memory: 1 } },
            workerPods: {},
        };
        assert.deepEqual(problems({ kubernetes }), [
            "kubernetes.pods.requests.memory: 8 is more than workers.memory, which is 1; a request may be at most the limit",
        ]);
    });
});
