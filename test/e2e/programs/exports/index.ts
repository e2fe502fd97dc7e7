import * as pulumi from "@pulumi/pulumi";
import * as fs from "fs";
import { DistributedSession } from "../../../../components";

// A session of which some outputs are exported, and a file with the most memory that the program took, in KiB.
const config = new pulumi.Config();
const session = new DistributedSession("session", {
    master: { command: ["true"], ports: [6000] },
    workers: { n: 2, command: ["true"] },
});
const names = config.requireObject<("masterIp" | "master" | "workers")[]>("exports");
module.exports = Object.fromEntries(names.map((name) => [name, session[name]]));

process.on("exit", () => fs.writeFileSync(config.require("memoryFile"), String(process.resourceUsage().maxRSS)));
