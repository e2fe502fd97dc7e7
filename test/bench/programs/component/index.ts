import { DistributedSession } from "../../../../components";

const session = new DistributedSession("bench", {
    project: "../../../../examples/hello-python",
    master: { command: ["python3", "-m", "http.server", "6000"], ports: [6000], cpu: 1, memory: 0.125 },
    workers: { n: 2, command: ["sleep", "3600"], cpu: 0.5, memory: 0.125 },
    wait: "none",
});

export const masterIp = session.masterIp;
