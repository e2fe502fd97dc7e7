import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as path from "path";
import { engineImage } from "../../../../components/model/kernels";

// The same network and containers as the component makes, as one would write them down by hand: the provider waits until the master
// listens, by a health check.
const project = path.join(__dirname, "../../../../examples/hello-python");
const masterIp = "10.231.9.10";

const network = new docker.Network("network", {
    ipamConfigs: [{ subnet: "10.231.9.0/24", gateway: "10.231.9.1", ipRange: "10.231.9.128/25" }],
});

const common = {
    image: engineImage,
    init: true,
    mustRun: false,
    restart: "no",
    memory: 128,
    memorySwap: 128,
    shmSize: 128,
    cpuPeriod: 100000,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    workingDir: "/home/cdsw",
    uploads: ["master.py", "worker.py"].map((file) => ({
        file: `/home/cdsw/${file}`,
        source: path.join(project, file),
        permissions: "0644",
    })),
};

const master = new docker.Container("master", {
    ...common,
    command: ["python3", "-m", "http.server", "6000"],
    cpuQuota: 100000,
    networksAdvanced: [{ name: network.id, ipv4Address: masterIp }],
    healthcheck: {
        tests: ["CMD-SHELL", "grep -q ':1770 .* 0A ' /proc/net/tcp"],
        interval: "1s",
        timeout: "1s",
        retries: 3,
    },
    wait: true,
    waitTimeout: 60,
});

for (const rank of [1, 2]) {
    new docker.Container(`worker-${rank}`, {
        ...common,
        command: ["sleep", "3600"],
        cpuQuota: 50000,
        networksAdvanced: [{ name: network.id, ipv4Address: `10.231.9.${10 + rank}` }],
        envs: [pulumi.interpolate`CML_MASTER_IP=${master.id.apply(() => masterIp)}`, `RANK=${rank}`],
    });
}

export { masterIp };
